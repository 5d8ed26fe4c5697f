// The Bot API as npm's telegram-test-api plays it. Prints {"port":P}, then each message it has taken, a line each.
//
//   node telegram_server.mjs
import { createRequire } from "node:module";
import { createServer } from "node:net";

const TelegramServer = createRequire(import.meta.url)("telegram-test-api");

const probe = createServer().listen(0, "127.0.0.1", () => {
  const { port } = probe.address();
  probe.close(async () => {
    const server = new TelegramServer({ port, host: "127.0.0.1", storage: "RAM" });
    server.on("AddedBotMessage", () => {
      for (const { message, botToken } of server.storage.botMessages.splice(0))
        console.log(JSON.stringify({ bot: botToken, message }));
    });
    await server.start();
    console.log(JSON.stringify({ port }));
  });
});
