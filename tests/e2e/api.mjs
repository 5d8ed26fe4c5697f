// The console's API as its own description tells it: the description is valid OpenAPI 3.1, every operation of it answers
// as told, and errors are those told.
//
//   node tests/e2e/api.mjs CONSOLE LOGIN-LINK TAG... : the operations that bear one of the tags
import assert from "node:assert/strict";
import { createRequire } from "node:module";

const require = createRequire(new URL("../node/package.json", import.meta.url));
const { Validator } = await import(require.resolve("@seriousme/openapi-schema-validator"));
const Ajv = require("ajv/dist/2020").default;
const formats = require("ajv-formats").default;

const [, , home, link, ...tags] = process.argv;

const entered = await fetch(new URL("/login", home), {
  method: "POST", redirect: "manual", headers: { Origin: home, "Content-Type": "application/x-www-form-urlencoded" },
  body: "token=" + new URL(link).searchParams.get("token"),
});
const cookie = entered.headers.get("set-cookie").split(";")[0];

async function ask(method, path, { body, type = "application/json", headers = {}, signedIn = true } = {}) {
  const reply = await fetch(new URL(path, home), {
    method, body, redirect: "manual",
    headers: { ...(signedIn && { Cookie: cookie }), ...(method === "POST" && { Origin: home, "Content-Type": type }), ...headers },
  });
  const text = await reply.text();
  assert.match(reply.headers.get("content-type"), /^application\/json/, `${method} ${path}: ${text.slice(0, 200)}`);
  return { status: reply.status, json: JSON.parse(text) };
}

const document = (await ask("GET", "/api/v1/openapi.json")).json;
const valid = await new Validator().validate(structuredClone(document));
assert.ok(valid.valid, JSON.stringify(valid.errors));

const ajv = new Ajv({ strict: false, allErrors: true });
formats(ajv);
ajv.addSchema({ ...document, $id: "openapi" });

// The body must be what the description says of this operation and status.
function check(operation, path, method, reply) {
  const told = operation.responses[reply.status];
  assert.ok(told, `${method} ${path} answered ${reply.status}, of which nothing is told: ${JSON.stringify(reply.json)}`);
  const step = (text) => text.replaceAll("~", "~0").replaceAll("/", "~1");
  const at = ["paths", path, method, "responses", String(reply.status), "content", "application/json", "schema"].map(step).join("/");
  const fits = ajv.getSchema("openapi#/" + encodeURI(at));
  assert.ok(fits(reply.json), `${method} ${path} ${reply.status}: ${ajv.errorsText(fits.errors)}\n${JSON.stringify(reply.json).slice(0, 2000)}`);
}

const first = (list, what) => {
  assert.ok(list.length > 0, `nothing here is a ${what}`);
  return list[0];
};
const values = { survey: "apres-livraison", act: "reply" };  // of the demo
if (tags.includes("import")) values.job = (await ask("POST", "/api/v1/import", { body: "id,text\n1,Tilvane\n", type: "text/csv" })).json.job;
if (tags.includes("incidents")) values.incident = first((await ask("GET", "/api/v1/incidents?view=all")).json.incidents, "incident").id;
if (tags.includes("reviews")) {
  const reviews = (await ask("GET", "/api/v1/reviews?view=all")).json.reviews;
  const { brand, number } = first(reviews.filter((one) => one.state === "published"), "published review");
  Object.assign(values, { brand, number });
}
const unknown = { incident: "0000000000000000", job: "none", survey: "none", brand: "none", number: 987654321, act: "reply" };
const bodies = {
  importMentions: { body: '{"id":"2","text":"Tilvane"}\n', type: "application/x-ndjson" },
  actOnIncident: { body: JSON.stringify({ act: "note", reason: "looked at", id: "once" }) },
  actOnReview: { body: JSON.stringify({ text: "Merci." }) },
};
const wrong = {
  importMentions: { 400: { body: "" } },
  actOnIncident: { 422: { body: '{"act":"sing"}' } },
  actOnReview: { 422: { body: '{"text":' } },
  getMeasures: { 422: "?from=yesterdayish" },
};
const filled = (path, from) => path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(from[name]));

let asked = 0;
for (const [path, operations] of Object.entries(document.paths)) {
  for (const [method, operation] of Object.entries(operations)) {
    if (!operation.tags.some((tag) => tags.includes(tag))) continue;
    const verb = method.toUpperCase(), id = operation.operationId;
    const parameters = (operation.parameters ?? []).filter((one) => one.in === "query" && one.example !== undefined);
    const query = new URLSearchParams(parameters.map((one) => [one.name, one.example])).toString();
    const right = await ask(verb, filled(path, values) + (query && "?" + query), bodies[id]);
    assert.ok(right.status < 300, `${verb} ${path}: ${right.status} ${JSON.stringify(right.json)}`);
    check(operation, path, method, right);
    const errors = {
      401: () => ask(verb, filled(path, values), { ...bodies[id], signedIn: false }),
      403: () => ask(verb, filled(path, values), { ...bodies[id], headers: { Origin: "https://elsewhere.example" } }),
      404: () => ask(verb, filled(path, unknown), bodies[id]),
    };
    for (const status of Object.keys(operation.responses)) {
      const how = wrong[id]?.[status];
      const reply = typeof how === "string" ? await ask(verb, filled(path, values) + how)
        : how ? await ask(verb, filled(path, values), { ...bodies[id], ...how }) : await errors[status]?.();
      if (reply === undefined) continue;  // 2xx, seen above; 503, when the store is gone
      assert.equal(String(reply.status), status, `${verb} ${path}: ${JSON.stringify(reply.json)}`);
      check(operation, path, method, reply);
      ++asked;
    }
    ++asked;
  }
}
console.log(`${asked} answers are as the description tells them`);
