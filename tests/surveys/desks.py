"""The review desk as a browser sends to it."""

from django.urls import reverse

from surveys.selectors.reviews import copy_of as copy_of_submission

TICKS = {"signed": "on", "sealed": "on", "dated": "on", "same_version": "on", "legible": "on"}


def desk(response, name="review", *more):
    return reverse(f"surveys:{name}", args=[response.reference, *more])


def copy_of(response):
    return copy_of_submission(response.submissions.latest("version"))


def post(client, response, **fields):
    """As the desk sends it; a return names its day unless the test says otherwise."""
    copy = copy_of(response)
    given = {"version": response.version, "copy": copy.pk if copy else None, "due_on": "2024-04-10", **fields}
    return client.post(desk(response), {name: value for name, value in given.items() if value is not None})
