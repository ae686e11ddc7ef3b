"""How well the scoring does on labelled linkbacks: cases in, figures out. No network, no database, no framework."""

from blog_linkbacks.evaluation.cases import Case, CaseError, posts_beside, read_cases, read_posts
from blog_linkbacks.evaluation.judging import Judged, judge
from blog_linkbacks.evaluation.words import read_words

__all__ = ["Case", "CaseError", "Judged", "judge", "posts_beside", "read_cases", "read_posts", "read_words"]
