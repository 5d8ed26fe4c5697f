// What others' libraries say to our messages. One JSON object a line on standard input, one verdict a line on standard
// output: {"ok":true,...} or {"ok":false,"error":"..."}.
//
//   {"as":"webhook","secret":S,"headers":{},"body":B}       npm's standardwebhooks and svix check the signature
//   {"as":"cloudevent","body":B}                            npm's cloudevents reads the event
//   {"as":"webpush","subscription":{},"private_key":K,"authorization":A,"body_base64":B}
//                                                           npm's http_ece opens it, Node's crypto checks the token
//   {"as":"vapid keys"}                                     npm's web-push draws a pair
//   {"as":"pagerduty","body":B}                             npm's ajv, by the schema below
import { createInterface } from "node:readline";
import { createPublicKey, createECDH, verify } from "node:crypto";

const judges = {
  async webhook({ secret, headers, body }) {
    const { Webhook } = await import("standardwebhooks");
    const svix = await import("svix");
    const verdicts = {};
    for (const [name, Judge] of [["standardwebhooks", Webhook], ["svix", svix.Webhook]]) {
      try {
        new Judge(secret).verify(body, headers);
        verdicts[name] = true;
      } catch {
        verdicts[name] = false;
      }
    }
    return verdicts;
  },

  async cloudevent({ body }) {
    const { HTTP } = await import("cloudevents");
    const event = HTTP.toEvent({ headers: { "content-type": "application/cloudevents+json" }, body });
    event.validate();
    return { type: event.type, source: event.source, id: event.id, sequence: event.sequence };
  },

  async webpush({ subscription, private_key, authorization, body_base64 }) {
    const { default: ece } = await import("http_ece");
    const receiver = createECDH("prime256v1");
    receiver.setPrivateKey(Buffer.from(private_key, "base64url"));
    const plain = ece.decrypt(Buffer.from(body_base64, "base64"), {
      version: "aes128gcm",
      privateKey: receiver,
      authSecret: subscription.keys.auth,
    });
    const [, token, key] = /^vapid t=([^,]+), k=(.+)$/.exec(authorization);
    const point = Buffer.from(key, "base64url");
    const publicKey = createPublicKey({
      key: {
        kty: "EC",
        crv: "P-256",
        x: point.subarray(1, 33).toString("base64url"),
        y: point.subarray(33).toString("base64url"),
      },
      format: "jwk",
    });
    const [header, claims, signature] = token.split(".");
    const good = verify(
      "sha256",
      Buffer.from(`${header}.${claims}`),
      { key: publicKey, dsaEncoding: "ieee-p1363" },
      Buffer.from(signature, "base64url"),
    );
    if (!good) throw new Error("the token's signature is not that of its key");
    return { plain: plain.toString("utf8"), claims: JSON.parse(Buffer.from(claims, "base64url")) };
  },

  async "vapid keys"() {
    const { default: webpush } = await import("web-push");
    return webpush.generateVAPIDKeys();
  },

  async pagerduty({ body }) {
    const { default: Ajv } = await import("ajv");
    const validate = new Ajv({ allErrors: true }).compile(eventSchema);
    if (!validate(JSON.parse(body))) throw new Error(JSON.stringify(validate.errors));
    return {};
  },
};

// The Events API v2 as its documentation tells it.
const text = (maxLength) => ({ type: "string", minLength: 1, maxLength });
const eventSchema = {
  type: "object",
  required: ["routing_key", "event_action"],
  additionalProperties: false,
  properties: {
    routing_key: { type: "string", pattern: "^[0-9A-Za-z]{32}$" },
    event_action: { enum: ["trigger", "acknowledge", "resolve"] },
    dedup_key: text(255),
    client: { type: "string" },
    client_url: { type: "string" },
    links: {
      type: "array",
      items: {
        type: "object",
        required: ["href"],
        additionalProperties: false,
        properties: { href: { type: "string", pattern: "^https?://" }, text: { type: "string" } },
      },
    },
    images: { type: "array" },
    payload: {
      type: "object",
      required: ["summary", "source", "severity"],
      additionalProperties: false,
      properties: {
        summary: text(1024),
        source: { type: "string", minLength: 1 },
        severity: { enum: ["critical", "error", "warning", "info"] },
        timestamp: { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d" },
        component: { type: "string" },
        group: { type: "string" },
        class: { type: "string" },
        custom_details: { type: "object" },
      },
    },
  },
  allOf: [
    { if: { properties: { event_action: { const: "trigger" } } }, then: { required: ["payload"] } },
    { if: { properties: { event_action: { enum: ["acknowledge", "resolve"] } } }, then: { required: ["dedup_key"] } },
  ],
};

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === "") continue;
  const question = JSON.parse(line);
  let verdict;
  try {
    verdict = { ok: true, ...(await judges[question.as](question)) };
  } catch (error) {
    verdict = { ok: false, error: String(error.message ?? error) };
  }
  console.log(JSON.stringify(verdict));
}
