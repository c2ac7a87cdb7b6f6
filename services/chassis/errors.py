"""Refusals a caller can act on. The domain raises them; only `http.problems` knows HTTP."""


class Defect(Exception):
    """Our own mistake: never shown to a caller, always worth an alarm."""


class Refusal(Exception):
    """Base of every expected "no". Anything else that escapes a handler is a defect.

    `detail` is English, `zh` its Chinese twin; `facts` become members of the problem document.
    """

    code: str = "refused"
    title: str = "Refused"
    title_zh: str = "请求被拒绝"

    def __init__(self, detail: str, *, zh: str | None = None, **facts: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.zh = zh
        self.facts = facts


class Invalid(Refusal):
    """The request is well-formed but says something that cannot be."""

    code, title, title_zh = "invalid", "Invalid request", "请求内容有误"


class Unauthenticated(Refusal):
    code, title, title_zh = "unauthenticated", "A valid token is needed", "需要有效的登录凭证"


class Forbidden(Refusal):
    code, title, title_zh = "forbidden", "Not allowed", "没有权限"


class NotFound(Refusal):
    """`key` is what was looked for; `http.references` tells whether the address named it."""

    code, title, title_zh = "not-found", "Not found", "未找到"

    def __init__(
        self, detail: str, *, zh: str | None = None, key: object = None, **facts: object
    ) -> None:
        super().__init__(detail, zh=zh, **facts)
        self.key = key


class Conflict(Refusal):
    code, title, title_zh = "conflict", "Conflicts with the current state", "与当前状态冲突"


class PreconditionFailed(Refusal):
    code, title, title_zh = "version-changed", "Changed by somebody else", "内容已被他人修改"


class PreconditionRequired(Refusal):
    code, title, title_zh = "if-match-required", "If-Match is needed", "缺少 If-Match 版本号"


class TooLarge(Refusal):
    code, title, title_zh = "body-too-large", "The body is too large", "请求内容过大"


class Gone(Refusal):
    """It was there, and will not come back."""

    code, title, title_zh = "gone", "No longer there", "已失效"


class TooMany(Refusal):
    """Too often. `retry_after` says after how many seconds to come again."""

    code, title, title_zh = "too-many-requests", "Too many requests", "请求过于频繁"

    def __init__(self, detail: str, *, zh: str, retry_after: int) -> None:
        super().__init__(detail, zh=zh, retry_after=retry_after)
        self.retry_after = retry_after


class Unavailable(Refusal):
    """Nothing wrong with the request; try again shortly."""

    code, title, title_zh = "unavailable", "Temporarily unavailable", "暂时无法处理"
