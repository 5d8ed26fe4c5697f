// Sigstore's verifier on our log: it accepts entries with their receipts, and refuses each with one bit flipped.
//
//   node verify_log.mjs VKEY CASES.json
//
// CASES: {"checkpoint", "entries": [{"index", "entry" (base64), "hashes": [base64]}]}. Prints {"accepted","refused","wrong":[...]}.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createPublicKey } from "node:crypto";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const tlog = join(dirname(require.resolve("@sigstore/verify")), "tlog");
const { verifyCheckpoint } = require(join(tlog, "checkpoint.js"));
const { verifyMerkleInclusion } = require(join(tlog, "merkle.js"));

const [vkey, path] = process.argv.slice(2);
const cases = JSON.parse(readFileSync(path, "utf8"));
const [name, id, encoded] = vkey.split(/\+(.*?)\+/s);
const raw = Buffer.from(encoded, "base64").subarray(1);
const publicKey = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: raw.toString("base64url") }, format: "jwk" });
const tlogs = [{ logID: Buffer.from(id, "hex"), baseURL: `https://${name}`, publicKey }];

function holds(index, body, hashes, envelope) {
  const entry = {
    canonicalizedBody: body,
    inclusionProof: { checkpoint: { envelope }, logIndex: String(index), hashes },
  };
  try {
    const checkpoint = verifyCheckpoint(entry, tlogs);
    verifyMerkleInclusion(entry, checkpoint);
    return true;
  } catch {
    return false;
  }
}

const flip = (bytes, bit) => {
  const copy = Buffer.from(bytes);
  copy[(bit >> 3) % copy.length] ^= 1 << (bit & 7);
  return copy;
};

const wrong = [];
let accepted = 0, refused = 0;
cases.entries.forEach(({ index, entry, hashes, bit }) => {
  const body = Buffer.from(entry, "base64");
  const proof = hashes.map((hash) => Buffer.from(hash, "base64"));
  if (holds(index, body, proof, cases.checkpoint)) accepted++;
  else wrong.push(`entry ${index} is refused`);
  const line = bit % proof.length;
  const spoilt = [
    ["entry", holds(index, flip(body, bit), proof, cases.checkpoint)],
    ["proof", holds(index, body, proof.map((hash, i) => (i === line ? flip(hash, bit) : hash)), cases.checkpoint)],
  ];
  for (const [what, accepts] of spoilt) {
    if (accepts) wrong.push(`entry ${index} is accepted with a bit of its ${what} flipped`);
    else refused++;
  }
});
console.log(JSON.stringify({ accepted, refused, wrong }));
