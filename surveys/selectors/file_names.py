"""Names of files that people keep: 省_市_命名序号_社区_v2.pdf."""

from __future__ import annotations

from communities.models import RegisterEntry
from core.file_names import file_name
from surveys.models import Submission

# Signs of a place and of a name, so that the version at the end is never what a long name costs.
PLACE, NAME = 10, 24


def stamped_name(submission: Submission, number: int | None) -> str:
    """The name under which the sealed copy of one version is kept.

    ``number``: the designation number; a unit without one goes by the reference of its form, so that names of one
    round never meet. ``response.community`` has to be loaded.
    """
    response = submission.response
    community = response.community
    return file_name(
        [
            community.province_name[:PLACE],
            community.city_name[:PLACE],
            number if number is not None else response.reference,
            community.name_zh[:NAME],
            f"v{submission.version}",
        ],
        ".pdf",
    )


def designation_number(submission: Submission) -> int | None:
    """The unit's number for life in the programme of the round."""
    response = submission.response
    return (
        RegisterEntry.objects.filter(
            community_id=response.community_id, programme=response.round.programme_id
        )
        .values_list("number", flat=True)
        .first()
    )
