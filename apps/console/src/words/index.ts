import { defineMessages } from "@storeloop/i18n";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

/** The words of the console. */
export const useWords = defineMessages({ zh, en });
