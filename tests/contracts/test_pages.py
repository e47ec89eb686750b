"""What the templates of pages receive is what is declared, and every page is a view of the header."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import meta

from app import create_app
from app.web.pages.views import VIEWS, Received

APP = create_app({"TAGSCAPE_INSTANCE_PATH": "/nonexistent"})
NO_PAGES = ("/api/", "/assets/", "/audio/", "/bokehjs/", "/healthz", "/static/")


def asked_for(app: Flask) -> set[str]:
    """Names that templates ask for and neither set themselves nor find in every template."""
    loader = Path(app.root_path) / "templates"
    found = {
        name
        for path in loader.glob("*.html")
        for name in meta.find_undeclared_variables(app.jinja_env.parse(path.read_text("utf-8")))
    }
    return found - set(app.jinja_env.globals)


def test_templates_ask_for_what_they_receive_and_for_all_of_it() -> None:
    assert asked_for(APP) == set(Received.__struct_fields__)


def test_every_page_is_a_view_of_the_header() -> None:
    pages = {rule.rule for rule in APP.url_map.iter_rules() if not rule.rule.startswith(NO_PAGES)}
    assert pages == {view.path for view in VIEWS}


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_page_has_a_template_a_script_and_its_place_in_the_header(client: FlaskClient, view) -> None:
    root = Path(APP.root_path)
    assert (root / "templates" / f"{view.name}.html").exists()
    assert (root / "static" / "js" / "pages" / view.name / "page.js").exists()
    page = client.get(view.path).text
    assert f"<title>{view.title} · Tagscape</title>" in page
    assert f'<a href="{view.path}" aria-current="page">{view.title}</a>' in page
    assert page.count('aria-current="page"') == 1
