import { type AuditEntry, auditList, auditVerify } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Button, DateTime, Notice, ProblemNotice } from "@storeloop/ui";
import { useMutation } from "@tanstack/react-query";
import { type Column, ListView } from "../parts/list-view.tsx";
import { Actor } from "../parts/names.tsx";
import { useWords } from "../words/index.ts";

export default function AuditPage() {
  const t = useWords();
  const { number, dateTime } = useI18n();
  const verify = useMutation({ mutationFn: auditVerify });
  const facts = (row: AuditEntry) =>
    Object.keys(row.facts).length === 0 ? "" : JSON.stringify(row.facts);
  const columns: Column<AuditEntry>[] = [
    {
      key: "seq",
      title: t.audit.seq,
      align: "right",
      render: (row) => number(row.seq),
      text: (row) => String(row.seq),
    },
    {
      key: "at",
      title: t.audit.at,
      render: (row) => <DateTime value={row.at} as="exact" />,
      text: (row) => dateTime(row.at),
    },
    {
      key: "actor",
      title: t.audit.actor,
      render: (row) => <Actor id={row.actor} />,
      text: (row) => row.actor,
    },
    {
      key: "action",
      title: t.audit.action,
      render: (row) => row.action,
      text: (row) => row.action,
    },
    {
      key: "object",
      title: t.audit.object,
      render: (row) => <Actor id={row.object} />,
      text: (row) => row.object,
    },
    {
      key: "facts",
      title: t.audit.facts,
      width: 320,
      render: (row) => (
        <span className="sl-mono sl-caption console-clip console-clip--facts" title={facts(row)}>
          {facts(row)}
        </span>
      ),
      text: facts,
    },
    {
      key: "hash",
      title: t.audit.hash,
      render: (row) => (
        <span className="sl-mono" title={row.hash}>
          {row.hash.slice(0, 12)}
        </span>
      ),
      text: (row) => row.hash,
    },
  ];
  const proof = verify.data;
  return (
    <ListView
      name="audit"
      title={t.audit.title}
      end={
        <Button size="small" icon="shield" busy={verify.isPending} onClick={() => verify.mutate()}>
          {t.audit.verify}
        </Button>
      }
      intro={
        <>
          <ProblemNotice error={verify.error} />
          {proof && (
            <Notice
              live
              tone={proof.ok ? "success" : "danger"}
              title={
                proof.ok
                  ? t.audit.ok(number(proof.entries))
                  : t.audit.broken(number(proof.broken_at))
              }
            >
              <span className="sl-mono sl-caption">{proof.head}</span>
            </Notice>
          )}
        </>
      }
      columns={columns}
      filters={[
        { key: "actor", kind: "search", label: t.audit.actor },
        { key: "action", kind: "search", label: t.audit.action },
      ]}
      load={(filters, cursor) => auditList({ ...filters, cursor })}
      rowKey={(row) => String(row.seq)}
    />
  );
}
