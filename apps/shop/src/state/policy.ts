/** The version of the privacy notice in words/: a consent refers to the text that was read. */
export const POLICY_VERSION = "2026-11";
