/** The promotion code of a bag: typed, and told at once what it does. */
import { type Cart, cartChange, isProblem, useAction } from "@storeloop/api";
import { useI18n } from "@storeloop/i18n";
import { Button, ProblemNotice, Row, Stack, Tag, TextInput } from "@storeloop/ui";
import { useState } from "react";
import { useRememberCart } from "../state/cart.ts";
import { useWords } from "../words/index.ts";

export function PromotionCode({ cart }: { cart: Cart }) {
  const t = useWords();
  const remember = useRememberCart();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const change = useAction(
    (promotion_code: string | null, intent) => cartChange(cart.id, { promotion_code }, intent),
    {
      onSuccess: (changed) => {
        remember(changed);
        setTyped("");
        setOpen(false);
      },
    },
  );
  if (cart.promotion_code) {
    return <Typed code={cart.promotion_code} change={change} />;
  }
  if (!open) {
    return (
      <Button size="small" icon="percent" onClick={() => setOpen(true)}>
        {t.cart.code.add}
      </Button>
    );
  }
  const problem = isProblem(change.error) ? change.error : null;
  const wrong = problem?.field("promotion_code");
  const use = () => typed.trim() && change.mutate(typed.trim());
  return (
    <Stack gap={2}>
      <TextInput
        label={t.cart.code.label}
        value={typed}
        error={wrong}
        onChange={setTyped}
        autoComplete="off"
        autoCapitalize="characters"
        enterKeyHint="done"
        maxLength={64}
        autoFocus
        // This may stand inside the form of the checkout, which Enter must not send.
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          use();
        }}
      />
      {!wrong && <ProblemNotice error={change.error} />}
      <Button busy={change.isPending} disabled={!typed.trim()} onClick={use}>
        {t.cart.code.use}
      </Button>
    </Stack>
  );
}

type TypedProps = {
  code: NonNullable<Cart["promotion_code"]>;
  change: { mutate: (code: null) => void; isPending: boolean; error: Error | null };
};

function Typed({ code, change }: TypedProps) {
  const t = useWords();
  const { text, money } = useI18n();
  return (
    <Stack gap={1}>
      <Row between nowrap>
        <Tag tone={code.applied ? "success" : "warning"} icon="percent">
          <span className="sl-mono">{code.code}</span>
        </Tag>
        <Button
          size="small"
          kind="quiet"
          busy={change.isPending}
          onClick={() => change.mutate(null)}
        >
          {t.cart.code.remove}
        </Button>
      </Row>
      <p className="sl-small sl-muted" role="status">
        {code.applied
          ? `${code.name ? text(code.name) : code.code} −${money(code.off)}`
          : t.cart.code.nothing(text(code.why))}
      </p>
      <ProblemNotice error={change.error} />
    </Stack>
  );
}
