import asyncio

import pytest

from service.inquiry import Inquiry

pytestmark = pytest.mark.anyio


class Question:
    def __init__(self) -> None:
        self.asked, self.answered = 0, 0
        self.may_answer = asyncio.Event()
        self.failure: Exception | None = None

    async def __call__(self) -> int:
        self.asked += 1
        await self.may_answer.wait()
        if self.failure:
            raise self.failure
        self.answered += 1
        return self.asked


async def test_however_many_ask_one_question_is_on_its_way() -> None:
    question = Question()
    inquiry = Inquiry(question)
    asking = [asyncio.create_task(inquiry.answer(1)) for _ in range(50)]
    await asyncio.sleep(0)
    question.may_answer.set()
    assert await asyncio.gather(*asking) == [1] * 50
    assert await inquiry.answer(1) == 2


async def test_who_stops_waiting_does_not_stop_it() -> None:
    question = Question()
    inquiry = Inquiry(question)
    with pytest.raises(TimeoutError):
        await inquiry.answer(0.01)
    with pytest.raises(TimeoutError):
        await inquiry.answer(0.01)
    assert question.asked == 1
    question.may_answer.set()
    assert await inquiry.answer(1) == 1
    assert question.answered == 1


async def test_a_failure_reaches_those_who_wait_and_is_asked_anew_by_the_next() -> None:
    question = Question()
    question.failure = ValueError("no")
    question.may_answer.set()
    inquiry = Inquiry(question)
    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            await inquiry.answer(1)
    assert question.asked == 2


async def test_a_failure_that_nobody_waits_for_is_no_noise(caplog: pytest.LogCaptureFixture) -> None:
    question = Question()
    question.failure = ValueError("no")
    inquiry = Inquiry(question)
    with pytest.raises(TimeoutError):
        await inquiry.answer(0.01)
    question.may_answer.set()
    await asyncio.sleep(0.01)
    del inquiry
    assert caplog.text == ""
