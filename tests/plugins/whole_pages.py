"""Which templates the test client hears of."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.template.base import Template
from django.test.signals import template_rendered
from django.utils.safestring import SafeString


@pytest.fixture(autouse=True, scope="session")
def _tell_of_whole_pages(django_test_environment: None) -> Iterator[None]:
    """Of a page's own template, and no more of the hundred that it includes: with each of them Django's test client
    keeps a copy of all that the page knows, and tests read what the page itself was drawn with."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", _render)
        yield


def _render(template: Template, context: Any) -> SafeString:
    if context.template is template:
        template_rendered.send(sender=template, template=template, context=context)
    return template.nodelist.render(context)
