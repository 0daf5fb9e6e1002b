"""The desk's templates without waiting inside them.

Datasette renders templates that may wait at every expression, which costs about as much again as the page itself. What
a page of the desk shows is all there before its template begins, so its templates are compiled as plain ones.
"""

from __future__ import annotations

from typing import Any, cast

from jinja2 import Environment, Template

from datasette_plugins.desk.ports import Context, Datasette, Request

_ATTRIBUTE = "_kehoach_templates"


class PlainTemplate(Template):
    """A template that Datasette may wait for, and that is rendered in one go."""

    async def render_async(self, *args: Any, **kwargs: Any) -> str:  # what a template is given has any type
        """The text of the page."""
        return self.render(*args, **kwargs)


def prepare(env: Environment, datasette: Datasette) -> None:
    """Keeps beside Datasette's environment one that shares its loader, filters and globals."""
    plain = env.overlay(enable_async=False)
    plain.template_class = PlainTemplate
    setattr(datasette, _ATTRIBUTE, plain)


async def render(datasette: Datasette, request: Request, template: str, context: Context) -> str:
    """A page of the desk as text."""
    plain = cast(Environment, getattr(datasette, _ATTRIBUTE))
    return await datasette.render_template(cast(Any, plain.get_template(template)), context, request=request)
