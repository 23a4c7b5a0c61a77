"""The numbers of a quarter, judged as the project stands now."""

from __future__ import annotations

from scrutiny.inputs.project import Project
from scrutiny.pipeline.stages import Stages
from scrutiny.progress import BuildProgress
from scrutiny.review.numbers.judging import Judged, judge


def judge_quarter(project: Project, quarter: str, progress: BuildProgress) -> Judged:
    """Judge the numbers of a quarter's narrative against what its notebooks give now.

    Raises
    ------
    ScrutinyError
        As `build.build` does, for parameters, data, notebooks and the front matter of sections.
    """
    stages = Stages.of(project, quarter)
    narrative = stages.narrative
    with stages.staged(progress) as (computed, _):
        return judge(narrative, computed.origins, project.measures)
