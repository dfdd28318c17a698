"""Every stored field is classified: personal, or plain."""

import pytest
from django.apps import apps
from django.db import models

from tests.architecture.sources import APPS

OURS = [model for app in APPS for model in apps.get_app_config(app).get_models()]


def columns(model: type[models.Model]) -> set[str]:
    return {field.name for field in (*model._meta.local_fields, *model._meta.local_many_to_many)}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_field_is_personal_or_plain(model: type[models.Model]) -> None:
    personal, plain = model.Privacy.personal, model.Privacy.plain
    assert personal | plain == columns(model)
    assert personal & plain == frozenset()


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_contact_fields_are_personal(model: type[models.Model]) -> None:
    """A name, number or address of a person that was filed as plain by mistake."""
    telling = {"email", "mobile", "phone", "password", "ip_address", "answers"}
    assert telling & columns(model) & model.Privacy.plain == frozenset()
