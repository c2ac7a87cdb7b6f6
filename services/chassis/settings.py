"""Everything a process reads from its environment, validated before it starts."""

from base64 import b64decode
from binascii import Error as NotBase64
from enum import StrEnum
from typing import Literal

from pydantic import Field, HttpUrl, SecretStr, TypeAdapter, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.chassis.errors import Defect

PORT_OFFSET = {
    "console": 0,
    "membership": 1,
    "cobuilding": 2,
    "bases": 3,
    "incidents": 4,
    "projector": 5,
    "nats": 22,
    "nats-monitor": 23,
}
"""Where each process listens, counted from `JICENG_PORT_BASE`."""


DEVELOPMENT_KEY = "amljZW5nIGRldmVsb3BtZW50IGtleSBub3Qgc2VjcmU="
"""Known to everybody, hence refused in production."""

ROOT_KEY_BYTES = 32


class Environment(StrEnum):
    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Settings(BaseSettings):
    """Variables start with `JICENG_`; an unusable value stops the process and is named."""

    model_config = SettingsConfigDict(env_prefix="JICENG_", frozen=True, extra="ignore")

    env: Environment = Field(
        default=Environment.DEVELOPMENT,
        description="development or production; production refuses the development issuer.",
    )
    host: str = Field(default="127.0.0.1", description="Address the HTTP servers listen on.")
    port_base: int = Field(
        default=8100,
        ge=1024,
        le=65000,
        description="Console's port; membership +1, cobuilding +2, bases +3, projector +5 ...",
    )
    port: int | None = Field(
        default=None, description="Port of this one process, where it is not port_base + offset."
    )
    database_url: str = Field(
        default="postgresql://postgres@127.0.0.1:5432/jiceng_{service}",
        description="PostgreSQL DSN; the literal {service} becomes the service's name.",
    )
    database_pool: int = Field(
        default=8, ge=2, le=100, description="Connections a service may hold for commands."
    )
    nats_url: str = Field(default="nats://127.0.0.1:8122", description="NATS server or servers.")
    stream_replicas: int = Field(
        default=1, ge=1, le=5, description="Copies of each stream; 3 where there are 3 servers."
    )
    stream_max_bytes: int = Field(
        default=-1, ge=-1, description="Limit of each stream, below its disk; -1 for none."
    )
    issuer: str = Field(
        default="https://issuer.jiceng.invalid/dev", description="`iss` a token must carry."
    )
    audience: str = Field(default="jiceng", description="`aud` a token must carry.")
    jwks_url: str = Field(
        default="file:///nonexistent/jwks.json",
        description="Keys that sign tokens: file:// or http(s):// of a JWKS.",
    )
    personal_keys: SecretStr = Field(
        default=SecretStr(DEVELOPMENT_KEY),
        description="Root keys of personal data, base64 of 32 bytes each, newest first, by commas.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe log line written."
    )
    log_format: Literal["json", "console"] = Field(
        default="json", description="json for collectors, console for people."
    )
    otlp_endpoint: str | None = Field(
        default=None, description="OTLP/HTTP collector for traces; none means no traces."
    )
    max_body_bytes: int = Field(
        default=65536, ge=1024, description="Largest request body accepted, bytes."
    )
    drain_seconds: int = Field(
        default=20,
        ge=1,
        le=300,
        description="How long requests and handlers may finish on SIGTERM.",
    )
    console_url: str | None = Field(
        default=None, description="Public address of the console, where not on this host."
    )
    membership_url: str | None = Field(
        default=None, description="Public address of membership, where not on this host."
    )
    cobuilding_url: str | None = Field(
        default=None, description="Public address of co-building, where not on this host."
    )
    bases_url: str | None = Field(
        default=None, description="Public address of bases, where not on this host."
    )
    projector_url: str | None = Field(
        default=None, description="Public address of the projector, where not on this host."
    )

    @field_validator("database_url")
    @classmethod
    def _one_database_a_service(cls, value: str) -> str:
        if "{service}" not in value:
            raise ValueError("must contain {service}: each service has its own database")
        if not value.startswith(("postgresql://", "postgres://")):
            raise ValueError("must start with postgresql://")
        return value

    @field_validator("personal_keys")
    @classmethod
    def _roots(cls, value: SecretStr) -> SecretStr:
        for text in value.get_secret_value().split(","):
            try:
                raw = b64decode(text, validate=True)
            except NotBase64:
                raw = b""
            if len(raw) != ROOT_KEY_BYTES:
                raise ValueError(
                    "each key is 32 bytes in base64, as `openssl rand -base64 32` makes"
                )
        return value

    @field_validator("jwks_url")
    @classmethod
    def _file_or_http(cls, value: str) -> str:
        if not value.startswith("file://"):
            TypeAdapter(HttpUrl).validate_python(value)
        return value

    def root_keys(self) -> list[bytes]:
        """Of personal data, newest first. Raises in production without keys of its own."""
        keys = self.personal_keys.get_secret_value().split(",")
        if self.env is Environment.PRODUCTION and DEVELOPMENT_KEY in keys:
            raise ValueError("JICENG_PERSONAL_KEYS is not set: production needs keys of its own")
        return [b64decode(text) for text in keys]

    def database_dsn(self, service: str) -> str:
        """DSN for asyncpg and psql."""
        return self.database_url.replace("{service}", service)

    def port_of(self, process: str) -> int:
        return self.port_base + PORT_OFFSET[process]

    def service_url(self, service: str) -> str:
        """Where others reach `service` over HTTP, without a trailing slash."""
        given: dict[str, str | None] = {
            "console": self.console_url,
            "membership": self.membership_url,
            "cobuilding": self.cobuilding_url,
            "bases": self.bases_url,
            "projector": self.projector_url,
        }
        if service not in PORT_OFFSET:
            raise Defect(f"no process is named {service}")
        local = f"http://127.0.0.1:{self.port_of(service)}"
        return (given.get(service) or local).rstrip("/")
