"""What can go wrong with a question.

VizinhoError
├── Unreachable          nobody answered
├── Unexpected           an answer that is none of Vizinho's, or another version's
├── StillRunning         an import that was not waited for any longer
└── Refused              `status`, `code`, `detail`, `request_id`, `retry_after_s`, and `problem` for the rest
    ├── Unauthorized     401
    ├── Forbidden        403
    ├── NotFound         404
    ├── Busy             429 and 503: the same again, later, may go through
    ├── Failed           the rest from 500 on
    └── Invalid          the rest below 500
"""

from pydantic import ValidationError

from service.schemas.catalogue import ProblemOut
from service.schemas.imports import ImportOut


class VizinhoError(Exception):
    """The root of the tree above."""


class Unreachable(VizinhoError):
    pass


class Unexpected(VizinhoError):
    pass


class StillRunning(VizinhoError):
    def __init__(self, job: ImportOut) -> None:
        super().__init__(f"Import {job.id} is {job.state}, and was not waited for any longer.")
        self.job = job


class Refused(VizinhoError):
    def __init__(self, problem: ProblemOut, retry_after_s: float | None) -> None:
        super().__init__(f"{problem.status} {problem.code}: {problem.detail}")
        self.problem = problem
        self.status = problem.status
        self.code = problem.code
        self.detail = problem.detail
        self.request_id = problem.request_id
        self.retry_after_s = retry_after_s


class Unauthorized(Refused):
    pass


class Forbidden(Refused):
    pass


class NotFound(Refused):
    pass


class Busy(Refused):
    pass


class Failed(Refused):
    pass


class Invalid(Refused):
    pass


_KINDS = {401: Unauthorized, 403: Forbidden, 404: NotFound, 429: Busy, 503: Busy}


def refusal(status: int, body: bytes, request_id: str, retry_after_s: float | None) -> Refused:
    kind = _KINDS.get(status, Failed if status >= 500 else Invalid)
    try:
        problem = ProblemOut.model_validate_json(body)
    except ValidationError:  # of a proxy on the way
        code, sentence = f"http_{status}", "The answer is none of Vizinho's."
        problem = ProblemOut(type="about:blank", title="", status=status, code=code, detail=sentence)
    problem.request_id = problem.request_id or request_id
    return kind(problem, retry_after_s)
