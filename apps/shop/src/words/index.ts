import { defineMessages } from "@storeloop/i18n";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

export const useWords = defineMessages({ zh, en });
