"""The development issuer: signs tokens for whoever can read its key file. Never in production."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey

from contracts.access import ROLES
from contracts.areas import is_area
from services.chassis.errors import Forbidden
from services.chassis.settings import Environment, Settings

ALGORITHM = "ES256"
_CURVE = "P-256"


class TokenRefusedError(Forbidden):
    """No such token will be made; the message names what would do."""


class DevelopmentIssuer:
    """A key in `folder`, readable by its owner, and beside it the JWKS for the services."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        if settings.env is Environment.PRODUCTION:
            raise TokenRefusedError(
                "JICENG_ENV is production: tokens come from the issuer in JICENG_JWKS_URL"
            )
        self._settings = settings
        self._key_file = folder / "key.json"
        self._jwks_file = folder / "jwks.json"

    @property
    def jwks_url(self) -> str:
        """The path as it is: whoever opens it does not expect percent signs."""
        return f"file://{self._jwks_file.absolute()}"

    def ensure_key(self) -> ECKey:
        """Make the key unless it is there; the JWKS always follows it."""
        self._key_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self._key_file.exists():
            made = ECKey.generate_key(_CURVE, {"use": "sig", "alg": ALGORITHM}, auto_kid=True)
            _write(self._key_file, made.as_dict(private=True), mode=0o600)
        key = ECKey.import_key(json.loads(self._key_file.read_text()))
        _write(self._jwks_file, {"keys": [key.as_dict(private=False)]}, mode=0o644)
        return key

    def token(
        self,
        *,
        roles: list[str],
        areas: list[str],
        subject: str,
        lifetime: timedelta,
        now: datetime,
    ) -> str:
        """Every role in every area, until `now + lifetime`."""
        for role in roles:
            if role not in ROLES:
                raise TokenRefusedError(f"no role {role!r}; there are {', '.join(ROLES)}")
        for area in areas:
            if not is_area(area):
                raise TokenRefusedError(
                    f"{area!r} is no area code: it has 2, 4, 6, 9, 12 or 15 digits, as 410305"
                )
        key = self.ensure_key()
        claims: dict[str, object] = {
            "iss": self._settings.issuer,
            "aud": self._settings.audience,
            "sub": subject,
            "jti": str(uuid4()),
            "iat": int(now.timestamp()),
            "nbf": int(now.timestamp()),
            "exp": int((now + lifetime).timestamp()),
            "grants": [{"role": role, "area": area} for role in roles for area in areas],
        }
        return jwt.encode({"alg": ALGORITHM, "typ": "JWT", "kid": key.kid}, claims, key)


def _write(path: Path, document: object, *, mode: int) -> None:
    """Whole or not at all; never readable by more than `mode` says, not even for a moment."""
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.touch(mode=mode)
    unfinished.write_text(json.dumps(document))
    unfinished.replace(path)
