// Vendure as its own documentation starts it, on a PostgreSQL reached through a folder's socket.
// Arguments: that folder, the database's user, the database, the port to listen on, the first password.
import process from "node:process";
import { bootstrap, DefaultLogger, dummyPaymentHandler, LogLevel } from "@vendure/core";

const [host, username, database, port, password] = process.argv.slice(2);

await bootstrap({
  apiOptions: {
    hostname: "127.0.0.1",
    port: Number(port),
    adminApiPath: "admin-api",
    shopApiPath: "shop-api",
  },
  authOptions: {
    tokenMethod: "bearer",
    superadminCredentials: { identifier: "superadmin", password },
  },
  dbConnectionOptions: { type: "postgres", host, username, database, synchronize: true },
  paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
  logger: new DefaultLogger({ level: LogLevel.Error, timestamp: false }),
});
