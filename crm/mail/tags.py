"""Every tag and filter that a template of an e-mail may use; none can reach data, files or much memory."""

from django.template import Library, defaultfilters, defaulttags

register = Library()
register.tag("if", defaulttags.do_if)
register.tag("comment", defaulttags.comment)
for _name in ("capfirst", "default", "lower", "title", "upper"):
    register.filter(_name, getattr(defaultfilters, _name))
