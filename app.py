from blog_linkbacks import create_app

app = create_app()
