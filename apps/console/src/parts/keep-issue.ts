import type { Issue } from "@storeloop/api";
import { useQueryClient } from "@tanstack/react-query";

/** Puts the server's answer on the screen; every action on an issue answers with the issue. */
export function useKeepIssue(): (issue: Issue) => void {
  const queries = useQueryClient();
  return (issue) => {
    queries.setQueryData(["object", issue.id], issue);
    void queries.invalidateQueries({ queryKey: ["issues"] });
    void queries.invalidateQueries({ queryKey: ["home"] });
  };
}
