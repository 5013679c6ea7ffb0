"""The decision API over HTTP: thin - parse, call, serialise. Errors are RFC 9457 problem details."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from domain import Order, PassavantError, UnknownReference, WorldError
from scenarios.queries import LandedQuery, VatQuery
from scenarios.serving import Desk, example_orders, example_questions

__all__ = ["create_app"]

PROBLEM = "application/problem+json"
_ERRORS: dict[int | str, dict[str, Any]] = {
    422: {
        "description": "The input cannot be read or names what is not there",
        "content": {
            PROBLEM: {
                "example": {
                    "type": "about:blank",
                    "title": "order.unknown_sku",
                    "status": 422,
                    "code": "order.unknown_sku",
                    "detail": "there is no product 'frige'",
                    "instance": "/lines/0/sku",
                    "cure": 'did you mean "fridge-combi-365"?',
                }
            }
        },
    },
}


def create_app(rules: Path | None = None, retailer: Path | None = None) -> FastAPI:
    """The application over one world; ``rules`` and ``retailer`` are folders, by default the shipped ones."""
    desk = Desk(rules, retailer)
    app = FastAPI(
        title="Passavant",
        version="1",
        summary="Delivery and cross-border compliance decisions with their reasons.",
        description="Amounts are decimal strings; instants carry an offset; a refusal is a decision (200), not an error.",
    )
    _errors(app)
    body = _asks(Order, example_orders())

    @app.post(
        "/v1/decisions", responses=_ERRORS, openapi_extra=body, tags=["deciding"], summary="Decide an order"
    )
    async def decisions(
        request: Request, detail: Annotated[str, Query(pattern="^(none|summary|full)$")] = "summary"
    ) -> Response:
        return _json(desk.decide(await request.body(), detail))

    @app.post(
        "/v1/decisions/batch",
        responses=_ERRORS,
        tags=["deciding"],
        summary="Decide many orders, a JSON line each",
    )
    async def batch(request: Request) -> Response:
        return Response(desk.batch(await request.body()), media_type="application/x-ndjson")

    @app.post(
        "/v1/options",
        responses=_ERRORS,
        openapi_extra=body,
        tags=["deciding"],
        summary="What checkout may offer",
    )
    async def options(request: Request) -> Response:
        return _json(desk.options(await request.body()))

    @app.post(
        "/v1/landed-costs",
        responses=_ERRORS,
        openapi_extra=_asks(LandedQuery, example_questions("landed-cost")),
        tags=["law"],
        summary="Duty, tax and charges of a consignment, each step with its source",
    )
    async def landed_costs(request: Request) -> Response:
        return _json(desk.landed_cost(await request.body()))

    @app.post(
        "/v1/vat",
        responses=_ERRORS,
        openapi_extra=_asks(VatQuery, example_questions("vat")),
        tags=["law"],
        summary="The VAT treatment of a sale",
    )
    async def vat(request: Request) -> Response:
        return _json(desk.vat(await request.body()))

    @app.get(
        "/v1/territories/resolve",
        responses=_ERRORS,
        tags=["law"],
        summary="The fiscal territory of an address",
    )
    def territories(
        country: Annotated[str, Query(examples=["ES"])],
        postcode: Annotated[str | None, Query(examples=["35001"])] = None,
        city: str | None = None,
        subdivision: str | None = None,
        date_: Annotated[date | None, Query(alias="date")] = None,
    ) -> dict[str, object]:
        return desk.territory(country, postcode, city, subdivision, date_)

    @app.get("/v1/rules", tags=["law"], summary="Every rule in force in this process")
    def rules_(decision: str | None = None) -> dict[str, object]:
        return desk.rules(decision)

    @app.get(
        "/v1/rules/{rule}",
        responses={404: {"description": "No such rule", "content": {PROBLEM: {}}}},
        tags=["law"],
        summary="One rule with its source",
    )
    def rule(rule: str) -> dict[str, object]:
        return desk.rule(rule)

    @app.post(
        "/v1/rules/reload",
        responses=_ERRORS,
        tags=["law"],
        summary="Read the rule folder again; a broken one changes nothing",
    )
    def reload() -> dict[str, object]:
        return desk.reload()

    @app.get("/health", tags=["operation"], summary="Versions in force, and whether the rule folder is sound")
    def health() -> dict[str, object]:
        return desk.health()

    _describe(app)
    return app


def _asks(model: type[BaseModel], examples: Mapping[str, object]) -> dict[str, Any]:
    """The request body of a route: a schema among the components, and examples of it."""
    content = {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}, "examples": dict(examples)}
    return {"requestBody": {"content": {"application/json": content}, "required": True}}


def _describe(app: FastAPI) -> None:
    """Put the schemas of what is sent among the components, where every reference leads."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            description = plain()
            schemas = description.setdefault("components", {}).setdefault("schemas", {})
            for model in (Order, LandedQuery, VatQuery):
                schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
                schemas.update({**schema.pop("$defs", {}), model.__name__: schema})
            app.openapi_schema = description
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def _json(text: str) -> Response:
    return Response(text, media_type="application/json")


def _problem(
    status: int, code: str, detail: str, place: str = "", cure: str = "", **more: object
) -> JSONResponse:
    body: dict[str, object] = {
        "type": "about:blank",
        "title": code,
        "status": status,
        "code": code,
        "detail": detail,
    }
    if place:
        body["instance"] = place
    if cure:
        body["cure"] = cure
    return JSONResponse({**body, **more}, status_code=status, media_type=PROBLEM)


def _errors(app: FastAPI) -> None:
    async def expected(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, PassavantError)
        status = 404 if isinstance(error, UnknownReference) and error.code == "rules.unknown" else 422
        if isinstance(error, WorldError):
            status = 503
        problems = getattr(error, "problems", ())
        more = {"problems": [problem.to_json() for problem in problems]} if problems else {}
        return _problem(status, error.code, error.cause, error.place, error.cure, **more)

    async def invalid(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        return _problem(
            422, "request.invalid", str(first["msg"]), "/" + "/".join(str(part) for part in first["loc"])
        )

    async def http(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        return _problem(error.status_code, f"http.{error.status_code}", str(error.detail))

    async def defect(_: Request, error: Exception) -> JSONResponse:
        return _problem(500, "internal.defect", f"a defect of ours, please report it: {type(error).__name__}")

    handlers: tuple[tuple[type[Exception], Callable[[Request, Exception], Awaitable[Response]]], ...] = (
        (PassavantError, expected),
        (RequestValidationError, invalid),
        (HTTPException, http),
        (Exception, defect),
    )
    for kind, handler in handlers:
        app.add_exception_handler(kind, handler)
