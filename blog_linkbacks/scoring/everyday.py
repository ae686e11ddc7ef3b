"""Words that honest pages are full of: alone, or only among their like, they make no sign in a list of words."""

_ENGLISH = """
about after again all also always among and another any are around ask away back because been before being best
better between big both but buy call came can change come comment comments could country current day days did does
done down each early easy end even ever every example fact family far feel few find first follow for found free
friend friends from full general get give going good got great group guide had hand hard has have head health hear
help her here high him his home house how idea important info information into its job just keep kind know large
last late later learn left less let life like line list little live local long look lot love made mail main make
man many may mean men might mind month more most move much music must name need never new news next nice night not
nothing now number off offer often old once one online only open order other our out over own page pages part
people person photo photos place plan play please point post posts power price public put question quite read
really reason recent report right room run said same save saw say school search second see send sense services
service set several shall share she should show side simple since site sites small social some something start
state still stop story such support sure system take talk team tell test text than thank thanks that the their
them then there these they thing things think this those though thought three through time times title today
together told too took top true try turn two under until update upon use used user useful using very video videos
view visit want was water way week well went were what when where which while white who whole why will with within
without woman women word words work world would write writer writing written year years yes yet you young your
article articles author blog blogger blogs book books browser business click code comment company computer content
design download email facebook feed file forum game games google http https internet link links login mobile net
org com phone program project site software twitter web website websites wordpress www youtube archive category tag
tags trackback trackbacks pingback pingbacks webmention webmentions reply replies mention
jack john mary paul anna david
doesn don isn aren wasn won wouldn couldn shouldn didn hasn haven ain ll re ve
"""
_SUBJECTS = """
about active add added address amazing answer app apps art auto baby back background bag base beauty bike birthday
board body box boy brand build building buying car card care cat chance change charge chat check child children
city class clear clothes club code coffee collection color colour company cook cooking cost course create custom
data date dating deal detail details directory doctor dog don door dress drive easy eat education energy event events
experience explain eye face fashion fast fat feature film fire fish fit fitness fix floor food foot form
format garden gift girl girls gold hair hand hello holiday home host hosting hot hotel hour house idea image images
index insurance internet invest investment issue issues item items key kid kids kitchen lady law learn lens
level load lock machine magazine making market marketing maybe medical member men menu message mind misc
model money movie movies natural network note online option ordering paint paper park party pay payment pet
pick picture pictures player pool pop pro product production products profit project promote property quality
quick ray read reading real red related remove rent repair replace resource resources result results review reviews
rich road sale save science score script section security select selling seo server shoe shoes shop shopping
short sign skin sleep smart sport sports stock store stream street strong student study style summer sun swim table
tape tax tea technology theme ticket tip tips tool tools tour toy track trade traffic train training travel trip url
vacation value visitor voice walk watch wear weather wedding weight white wine winter wordpress worth
"""
_OTHERS = """
aber als am auch auf aus bei bin bis das dass dein dem den der des die dir doch du ein eine einem einen einer er es
für gut hat habe haben hier ich ihr im immer in ist ja jahr jahre jetzt kann kein mehr mein mich mir mit muss nach
neu nicht noch nur oder ohne sehr seite sein sich sie sind so über um und uns unser unter vom von vor war was wenn
wer werden wie wir wird zu zum zur
alors après au aussi autre aux avec avoir bien bon ce ces cette chez comme dans de depuis des deux donc du elle en
est et être eux faire fait ici il ils je la le les leur lui mais même mes moi mon ne nos notre nous on ou où par pas
peu plus pour quand que qui quoi sa sans se ses si son sont sur tes ton tout tous très tu un une vers votre vous
algo algunos ante antes año años aquí así bien cada casi como con cual cuando del desde donde dos el ella ellos
entre era es esa ese eso esta está estas este esto fue gracias hace hasta hay hoy la las lo los más me mi mismo muy
nada ni no nos nosotros nuestro nunca otra otro para pero poco por porque qué quien se ser si sí sin sobre son su
sus también tan te tiene todo todos tu una uno usted vez ya yo
agora ainda ao aos até bem com como da das de dele do dos ela ele em entre era essa esse esta foi há isso já mais
mas mesmo meu minha muito não nem no nos nós num os ou para pela pelo por quando que quem se sem ser seu seus só sua
são também te tem ter um uma você
een het van voor niet met zijn naar ook maar dan dat deze die door bij aan hij wij zij hun meer
che chi ci come con cosa così da dal dei del della delle di dove e fra già gli ha hanno ho il io la le lei loro lui
ma mi mia molto nel nella noi non per perché più poi quale quando quella quello questa questo se sei si sono sua suo
tra tu tutti tutto un una vi voi
без был быть вам вас весь все всё вы где да для его если есть ещё еще и из или их к как когда который кто ли мне
может мы на надо не него нет но о он она они от очень по под при с сам так там то только тут ты у уже что чтобы это
этот я
"""
EVERYDAY = frozenset(f"{_ENGLISH} {_OTHERS}".split())
# Subjects of honest pages, in titles and links too: a list from elsewhere is not believed about them, a blogger is.
COMMON = EVERYDAY | frozenset(_SUBJECTS.split())
