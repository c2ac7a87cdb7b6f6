"""Real Chromium on the whole running product: no request off this machine, a clean console."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, Route, async_playwright

from tests.stack import Stack

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HERE = {None, "127.0.0.1", "localhost"}
DESKTOP, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
REFUSED = "Failed to load resource: the server responded with a status of"
"""What Chromium says about every 4xx; no error where the refusal is what a test is about."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if shutil.which(CHROMIUM):
        return
    here = Path(__file__).parent
    reason = f"no Chromium at {CHROMIUM}: apt-get install chromium, or set CHROMIUM"
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def tokens(stack: Stack) -> Callable[..., str]:
    made: dict[tuple[str, str], str] = {}

    def token(role: str = "viewer", area: str = "410305") -> str:
        if (role, area) not in made:
            made[role, area] = stack.token(role, area)
        return made[role, area]

    return token


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """One for all tests: each opens contexts of its own, which share nothing."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


Visit = Callable[..., Awaitable[Page]]


@pytest_asyncio.fixture(loop_scope="module")
async def visit(
    chromium: Browser, stack: Stack, tokens: Callable[..., str]
) -> AsyncIterator[Visit]:
    """Pages of the console, each opened in a browser of its own, with a token of `role`.

    `role=None` is nobody. With `refused`, 4xx answers are expected.
    """
    leaks: list[str] = []
    errors: list[str] = []

    async def guard(route: Route) -> None:
        if urlsplit(route.request.url).hostname in HERE:
            await route.continue_()
        else:
            leaks.append(route.request.url)
            await route.abort()

    async with AsyncExitStack() as opened:

        async def one(
            path: str,
            *,
            role: str | None = "viewer",
            area: str = "410305",
            phone: bool = False,
            script: bool = True,
            refused: bool = False,
        ) -> Page:
            context = await chromium.new_context(
                base_url=stack.url("console"),
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
                viewport=PHONE if phone else DESKTOP,
                java_script_enabled=script,
            )
            opened.push_async_callback(context.close)
            await context.route("**/*", guard)
            page = await context.new_page()

            def told(message: ConsoleMessage) -> None:
                expected = refused and message.text.startswith(REFUSED)
                if message.type in ("error", "warning") and not expected:
                    errors.append(message.text)

            page.on("console", told)
            page.on("pageerror", lambda error: errors.append(str(error)))
            if role is not None:
                await page.goto(f"/login?token={tokens(role, area)}")
            await page.goto(path)
            return page

        yield one
    assert not leaks, leaks
    assert not errors, errors
