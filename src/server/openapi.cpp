#include <string_view>

#include "src/server/service.hpp"

namespace daybook::server {

std::string_view openapi() {
    return R"json({
  "openapi": "3.1.0",
  "info": {
    "title": "Daybook",
    "version": "1",
    "description": "What a trading bot did, as it was recorded. Amounts are exact decimal text, times RFC 3339 UTC. Writing needs a token (keys/append.token, keys/admin.token); the Unix socket DIR/daybook.sock needs none. Errors are problem JSON (RFC 9457)."
  },
  "servers": [{"url": "http://127.0.0.1:7077"}],
  "paths": {
    "/": {"get": {"summary": "The dashboard: a page for people.", "responses": {"200": {"description": "HTML.", "content": {"text/html": {"schema": {"type": "string"}}}}, "304": {"description": "Unchanged, by its ETag."}, "501": {"$ref": "#/components/responses/Problem"}}}},
    "/v1/events": {
      "post": {
        "summary": "Record a batch: one event, an array of events, or one a line. All are durable when it answers, or none is recorded.",
        "security": [{"token": []}],
        "parameters": [{"name": "venue", "in": "query", "schema": {"enum": ["polymarket", "kalshi"]}, "description": "The body is frames of this venue, one a line; what cannot be read is kept as unparsed."}],
        "requestBody": {"required": true, "content": {"application/json": {"schema": {"oneOf": [{"$ref": "#/components/schemas/Event"}, {"type": "array", "items": {"$ref": "#/components/schemas/Event"}}]}}, "application/x-ndjson": {"schema": {"type": "string"}}}},
        "responses": {"200": {"description": "Durable; one element an event.", "content": {"application/json": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Recorded"}}}}}, "400": {"$ref": "#/components/responses/Problem"}, "401": {"$ref": "#/components/responses/Problem"}, "413": {"$ref": "#/components/responses/Problem"}, "415": {"$ref": "#/components/responses/Problem"}, "503": {"$ref": "#/components/responses/Problem"}, "507": {"$ref": "#/components/responses/Problem"}}
      },
      "get": {
        "summary": "Recorded events, one a line.",
        "parameters": [{"$ref": "#/components/parameters/From"}, {"$ref": "#/components/parameters/Type"}, {"$ref": "#/components/parameters/Limit"}],
        "responses": {"200": {"description": "Events in order, up to what is durable now.", "content": {"application/x-ndjson": {"schema": {"type": "string"}}}}, "400": {"$ref": "#/components/responses/Problem"}}
      }
    },
    "/v1/stream": {
      "get": {
        "summary": "A WebSocket. Out: every event from `from` on (without it: from now on), first what is recorded, then live, without a gap or a repeat. In: each message is a batch; it is answered with {\"kind\":\"answer\",\"message\":N,\"events\":[…]} or {…,\"problem\":{…}}.",
        "parameters": [{"$ref": "#/components/parameters/From"}, {"$ref": "#/components/parameters/Type"}, {"name": "events", "in": "query", "schema": {"type": "boolean"}, "description": "false: no events out, answers only."}, {"name": "coalesce", "in": "query", "schema": {"type": "boolean"}, "description": "true: a message holds several events, one a line, when they wait."}, {"name": "venue", "in": "query", "schema": {"enum": ["polymarket", "kalshi"]}, "description": "Messages are frames of this venue."}],
        "responses": {"101": {"description": "The stream."}, "400": {"$ref": "#/components/responses/Problem"}, "426": {"$ref": "#/components/responses/Problem"}}
      }
    },
    "/v1/live": {
      "get": {
        "summary": "A WebSocket for dashboards. In: {\"watch\":[\"positions\",\"pnl?epoch=all\",\"projections\"]}, which replaces what is watched: paths behind /v1/query/, or `projections`, 32 at most; not `events`. Out: {\"kind\":\"head\",\"seq\",\"time\",\"recording\"} as the journal grows, 20 a second at most, and each second; {\"kind\":\"view\",\"view\",\"seq\",\"answer\":{…}} for each view, then {…,\"patch\":[…]} (RFC 6902: add, remove, replace) against the answer before. A view's `problem` comes in place of an answer. A view is asked every 50 ms at most, less often when answers are dear.",
        "responses": {"101": {"description": "The views."}, "426": {"$ref": "#/components/responses/Problem"}}
      }
    },
    "/v1/query/{name}": {
      "get": {
        "summary": "The answer that `daybook query NAME --json` prints; `status`: that of `daybook --json`.",
        "parameters": [{"name": "name", "in": "path", "required": true, "schema": {"enum": ["positions", "pnl", "cash", "orders", "fills", "execution", "hedge", "daily", "claims", "markets", "book", "liquidity", "health", "findings", "groups", "events", "status"]}}, {"$ref": "#/components/parameters/From"}, {"name": "to", "in": "query", "schema": {"type": "string"}}, {"$ref": "#/components/parameters/Type"}, {"$ref": "#/components/parameters/Limit"}, {"name": "market", "in": "query", "schema": {"type": "string"}}, {"name": "mode", "in": "query", "schema": {"enum": ["live", "dry_run"]}}, {"name": "at", "in": "query", "schema": {"type": "string"}, "description": "As of this sequence or time."}, {"name": "epoch", "in": "query", "schema": {"type": "string"}}, {"name": "tz", "in": "query", "schema": {"type": "string"}}],
        "responses": {"200": {"$ref": "#/components/responses/Answer"}, "400": {"$ref": "#/components/responses/Problem"}, "404": {"$ref": "#/components/responses/Problem"}, "503": {"$ref": "#/components/responses/Problem"}}
      }
    },
    "/v1/why/{about}": {
      "get": {
        "summary": "Where a figure comes from: a market, a figure of pnl, or an event's sequence.",
        "parameters": [{"name": "about", "in": "path", "required": true, "schema": {"type": "string"}}, {"name": "at", "in": "query", "schema": {"type": "string"}}, {"name": "epoch", "in": "query", "schema": {"type": "string"}}, {"name": "mode", "in": "query", "schema": {"enum": ["live", "dry_run"]}}, {"name": "tz", "in": "query", "schema": {"type": "string"}}],
        "responses": {"200": {"$ref": "#/components/responses/Answer"}, "404": {"$ref": "#/components/responses/Problem"}}
      }
    },
    "/v1/halt": {"post": {"summary": "Record that trading is halted.", "security": [{"token": []}], "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Said"}}}}, "responses": {"200": {"$ref": "#/components/responses/Answer"}, "401": {"$ref": "#/components/responses/Problem"}}}},
    "/v1/resume": {"post": {"summary": "Record that trading goes on.", "security": [{"token": []}], "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Said"}}}}, "responses": {"200": {"$ref": "#/components/responses/Answer"}, "401": {"$ref": "#/components/responses/Problem"}}}},
    "/v1/projections": {"get": {"summary": "How each projection stands.", "responses": {"200": {"$ref": "#/components/responses/Answer"}}}},
    "/v1/projections/plan": {"post": {"summary": "What a reset would drop; changes nothing.", "security": [{"token": []}], "requestBody": {"required": true, "content": {"application/json": {"schema": {"type": "object", "required": ["names"], "properties": {"names": {"type": "array", "items": {"type": "string"}}}}}}}, "responses": {"200": {"$ref": "#/components/responses/Answer"}, "403": {"$ref": "#/components/responses/Problem"}}}},
    "/v1/projections/apply": {"post": {"summary": "Carry out a plan.", "security": [{"token": []}], "requestBody": {"required": true, "content": {"application/json": {"schema": {"type": "object", "required": ["plan"], "properties": {"plan": {"type": "string"}, "grown": {"type": "boolean"}}}}}}, "responses": {"200": {"$ref": "#/components/responses/Answer"}, "403": {"$ref": "#/components/responses/Problem"}, "409": {"$ref": "#/components/responses/Problem"}}}},
    "/metrics": {"get": {"summary": "Counters for Prometheus.", "responses": {"200": {"description": "Text format 0.0.4.", "content": {"text/plain": {"schema": {"type": "string"}}}}}}},
    "/healthz": {"get": {"summary": "Whether events are taken.", "responses": {"200": {"$ref": "#/components/responses/Answer"}, "503": {"$ref": "#/components/responses/Problem"}}}},
    "/readyz": {"get": {"summary": "Whether events are taken and answers are up to date.", "responses": {"200": {"$ref": "#/components/responses/Answer"}, "503": {"$ref": "#/components/responses/Problem"}}}},
    "/openapi.json": {"get": {"summary": "This document.", "responses": {"200": {"$ref": "#/components/responses/Answer"}}}}
  },
  "components": {
    "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
    "parameters": {
      "From": {"name": "from", "in": "query", "schema": {"type": "string"}, "description": "First event: a sequence (queries also take a time)."},
      "Type": {"name": "type", "in": "query", "schema": {"type": "string"}, "description": "Only events of this type."},
      "Limit": {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 0}}
    },
    "schemas": {
      "Event": {"type": "object", "required": ["type"], "properties": {"type": {"type": "string"}, "time": {"type": "string", "format": "date-time"}, "venue": {"type": "string"}, "account": {"type": "string"}, "mode": {"enum": ["live", "dry_run"]}, "market": {"type": "string"}, "id": {"type": "string"}}},
      "Recorded": {"type": "object", "required": ["seq", "duplicate"], "properties": {"seq": {"type": "integer"}, "duplicate": {"type": "boolean"}, "conflicting": {"type": "boolean"}}},
      "Said": {"type": "object", "properties": {"scope": {"type": "string"}, "reason": {"type": "string"}, "by": {"type": "string"}, "mode": {"enum": ["live", "dry_run"]}}},
      "Problem": {"type": "object", "required": ["title", "status"], "properties": {"type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"}, "try": {"type": "string"}}}
    },
    "responses": {
      "Answer": {"description": "One object.", "content": {"application/json": {"schema": {"type": "object"}}}},
      "Problem": {"description": "What is wrong, why, and what to do.", "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    }
  }
}
)json";
}

}  // namespace daybook::server
