// Messages of chats, judged by what others wrote: npm's @slack/types and @slack/web-api, discord-api-types (by the
// TypeScript compiler) and Microsoft's adaptivecards.
//
//   node check_chats.mjs FOLDER [--spoil]
//
// FOLDER holds slack/*.json, discord/*.json and teams/*.json. Prints {"kind","messages","faults":[...]} for each and
// ends with 1 when there is a fault. --spoil puts one mistake into each message first; then every message without a
// fault is one: a judge that finds nothing has not looked.
import { readdirSync, readFileSync, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const here = dirname(fileURLToPath(import.meta.url));
const [folder, option] = process.argv.slice(2);
const spoil = option === "--spoil";

const kTypes = {
  slack: {
    head: 'import type { ChatPostMessageArguments } from "@slack/web-api";\nimport type { KnownBlock } from "@slack/types";\n',
    // A webhook's message has no channel; the rest is the same.
    value: (name, message) =>
      `const ${name}: ChatPostMessageArguments = ${JSON.stringify({ channel: "C0", ...message })};\n` +
      `const ${name}_blocks: KnownBlock[] = ${JSON.stringify(message.blocks)};\n`,
    foot: (names) => `export default [${names.flatMap((name) => [name, `${name}_blocks`])}];\n`,
    spoil: (message) => (message.blocks[0].text.type = "mrkdwn"),
  },
  discord: {
    head: 'import type { RESTPostAPIWebhookWithTokenJSONBody } from "discord-api-types/v10";\n',
    value: (name, message) => `const ${name}: RESTPostAPIWebhookWithTokenJSONBody = ${JSON.stringify(message)};\n`,
    foot: (names) => `export default [${names}];\n`,
    spoil: (message) => (message.embeds[0].titel = "x"),
  },
};

// The compiler's complaints, by the name of the message they are about.
function judgeByType(kind, messages) {
  const ts = require("typescript");
  const { head, value, foot } = kTypes[kind];
  const names = messages.map((_, i) => `message${i}`);
  const source = head + messages.map((message, i) => value(names[i], message)).join("") + foot(names);
  const file = join(here, `judged_${kind}.ts`); // only in memory: types are looked for beside it
  const options = { strict: true, noEmit: true, skipLibCheck: true, module: ts.ModuleKind.Node16, types: [],
                    target: ts.ScriptTarget.ES2022, moduleResolution: ts.ModuleResolutionKind.Node16 };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, source, options.target) : getSourceFile.call(host, name, ...rest);
  host.fileExists = (name) => name === file || fileExists.call(host, name);
  host.readFile = (name) => (name === file ? source : readFile.call(host, name));
  const program = ts.createProgram([file], options, host);
  const lines = source.split("\n");
  return ts.getPreEmitDiagnostics(program).map((one) => {
    const line = one.file?.fileName === file ? one.file.getLineAndCharacterOfPosition(one.start).line : -1;
    const message = Number(/message(\d+)/.exec(lines[line] ?? "")?.[1] ?? -1);
    return { message, fault: ts.flattenDiagnosticMessageText(one.messageText, " ").slice(0, 300) };
  });
}

function judgeCards(messages) {
  const { AdaptiveCard, SerializationContext, Versions } = require("adaptivecards/dist/adaptivecards.js");
  return messages.flatMap((message, at) => {
    const faults = [];
    const content = message.attachments[0].content;
    const context = new SerializationContext(Versions.v1_4);
    const card = new AdaptiveCard();
    card.parse(content, context);
    for (let i = 0; i < context.eventCount; i++) faults.push(context.getEventAt(i).message);
    for (const event of card.validateProperties().validationEvents) faults.push(event.message);
    if (card.getItemCount() !== content.body.length) faults.push(`shows ${card.getItemCount()} of ${content.body.length}`);
    if (card.getActionCount() !== content.actions.length) faults.push("leaves out an action");
    return faults.map((fault) => ({ message: at, fault }));
  });
}

function spoilCard(message) {
  message.attachments[0].content.body[0].inlines[0].type = "TextRum";
}

let failed = false;
for (const kind of ["slack", "discord", "teams"]) {
  if (!existsSync(join(folder, kind))) continue;
  const files = readdirSync(join(folder, kind)).filter((name) => name.endsWith(".json")).sort();
  const messages = files.map((name) => JSON.parse(readFileSync(join(folder, kind, name), "utf8")));
  if (spoil) messages.forEach(kind === "teams" ? spoilCard : kTypes[kind].spoil);
  let faults = kind === "teams" ? judgeCards(messages) : judgeByType(kind, messages);
  if (spoil) {
    const found = new Set(faults.map((one) => one.message));
    faults = files.flatMap((_, i) => (found.has(i) ? [] : [{ message: i, fault: "the mistake was not seen" }]));
  }
  const told = faults.map((one) => `${files[one.message] ?? kind}: ${one.fault}`);
  console.log(JSON.stringify({ kind, messages: files.length, faults: told.slice(0, 20) }));
  failed ||= told.length > 0 || files.length === 0;
}
process.exit(failed ? 1 : 0);
