"""The event loop's side of a turn: what Rust calls back, from any thread."""

import asyncio
import contextvars
import logging
from typing import Any

from x8._shapes import ChatModel, ModelRequest
from x8._x8 import Answer

__all__ = ["Calls"]

_log = logging.getLogger("x8")


class Calls:
    """The calls of one turn, and the future that waits for its end."""

    def __init__(self, model: ChatModel | None) -> None:
        self._model = model
        self._loop = asyncio.get_running_loop()
        # What the caller set (a request id, a tracing span) is seen by the model too.
        self._context = contextvars.copy_context()
        self._tasks: dict[Answer, asyncio.Task[None]] = {}
        self.end_of_turn: asyncio.Future[dict[str, Any]] = self._loop.create_future()

    def begin(self, request: ModelRequest, answer: Answer) -> None:
        """Asks the model. Called from any thread."""
        self._loop.call_soon_threadsafe(self._begin, request, answer, context=self._context)

    def end(self, answer: Answer) -> None:
        """Cancels a call that is no longer waited for. Called from any thread."""
        self._loop.call_soon_threadsafe(self._end, answer)

    def done(self, came: dict[str, Any] | None, error: BaseException | None) -> None:
        """Ends the turn. Called from any thread."""
        self._loop.call_soon_threadsafe(self._done, came, error)

    def close(self) -> None:
        """Cancels whatever still runs."""
        self.end_of_turn.cancel()
        for task in self._tasks.values():
            task.cancel()

    def _begin(self, request: ModelRequest, answer: Answer) -> None:
        if self.end_of_turn.done():
            return
        task = self._loop.create_task(self._ask(request, answer))
        self._tasks[answer] = task
        task.add_done_callback(lambda _task: self._tasks.pop(answer, None))

    def _end(self, answer: Answer) -> None:
        task = self._tasks.get(answer)
        if task is not None:
            task.cancel()

    def _done(self, came: dict[str, Any] | None, error: BaseException | None) -> None:
        if self.end_of_turn.done():
            return
        if error is not None:
            self.end_of_turn.set_exception(error)
        elif came is not None:
            self.end_of_turn.set_result(came)

    async def _ask(self, request: ModelRequest, answer: Answer) -> None:
        if self._model is None:
            answer.fail("there is no model")
            return
        try:
            answer.say(await self._model.complete(request))
        except asyncio.CancelledError:
            answer.fail("the model was cancelled")
            raise
        except Exception as error:
            # Its message may hold what nobody may read in a record of turns, a key for one; the log is the caller's own.
            _log.warning("the model failed; the guided model answers", exc_info=True)
            answer.fail(f"the model raised {type(error).__name__}")
