"""The projector's figures, asked over its public interface."""

from datetime import date
from typing import Any, Self

import httpx

from services.chassis.errors import Refusal

_TIMEOUT_S = 15.0


class FiguresRefusedError(Refusal):
    """The projector answered no; the message is its own."""


class FiguresClient:
    """Use as a context manager. `url` is the projector's, `token` may be a viewer's."""

    def __init__(self, url: str, token: str) -> None:
        self._http = httpx.Client(
            base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=_TIMEOUT_S
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def catalogue(self) -> list[dict[str, Any]]:
        """Every figure that is declared."""
        items: list[dict[str, Any]] = self._get("/v1/figures", {})["items"]
        return items

    def figure(
        self, key: str, *, area: str, first: date, last: date, by: str | None = None
    ) -> dict[str, Any]:
        """One figure of an area from `first` to `last`, both included."""
        asked = {"area": area, "from": first.isoformat(), "to": last.isoformat()}
        return self._get(f"/v1/figures/{key}", asked | ({"by": by} if by else {}))

    def _get(self, path: str, asked: dict[str, str]) -> dict[str, Any]:
        answer = self._http.get(path, params=asked)
        if answer.is_error:
            raise FiguresRefusedError(_reason(answer))
        body: dict[str, Any] = answer.json()
        return body


def _reason(answer: httpx.Response) -> str:
    try:
        problem = answer.json()
        return f"{problem['title']}: {problem.get('detail', '')} ({problem.get('code')})"
    except (ValueError, KeyError, TypeError):
        return f"{answer.request.url.path} answers {answer.status_code}"
