import { ActionIcon, Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { FormulaNode, TrendsQuery } from "@/api/insights";
import styles from "@/features/insight/InsightPage.module.css";
import { LaterText } from "@/ui/pickers/LaterText";

/** The formulas of a question, whichever of the API's three ways they are written in. */
export function formulasOf({ trendsFilter }: TrendsQuery): FormulaNode[] {
  const { formulaNodes, formulas, formula } = trendsFilter ?? {};
  if (formulaNodes?.length) return formulaNodes;
  return (formulas?.length ? formulas : formula ? [formula] : []).map((text) => ({ formula: text }));
}

function withFormulas(query: TrendsQuery, nodes: FormulaNode[]): TrendsQuery {
  const { formula: _, formulas: __, formulaNodes: ___, ...rest } = query.trendsFilter ?? {};
  const written = nodes.filter((node) => node.formula);
  return { ...query, trendsFilter: written.length > 0 ? { ...rest, formulaNodes: written } : rest };
}

/** Formulas over the series, in place of them: `A / B * 100`. Each may have a name. */
export function Formulas({ query, onChange }: { query: TrendsQuery; onChange: (query: TrendsQuery) => void }) {
  const [begun, setBegun] = useState(false);
  const nodes = formulasOf(query);
  const put = (at: number, node: FormulaNode) => {
    setBegun(false);
    onChange(
      withFormulas(query, at < nodes.length ? nodes.map((old, i) => (i === at ? node : old)) : [...nodes, node]),
    );
  };
  return (
    <>
      {[...nodes, ...(begun ? [{ formula: "" }] : [])].map((node: FormulaNode, at) => (
        <span key={at} className={styles.either}>
          <LaterText
            className={styles.formula}
            label={at === 0 ? "Formula" : `Formula ${at + 1}`}
            placeholder="A / B * 100"
            autoFocus={begun && at === nodes.length}
            value={node.formula}
            onApply={(formula) => put(at, { ...node, formula })}
          />
          {node.formula ? (
            <>
              <LaterText
                className={styles.narrow}
                label={`Name of formula ${at + 1}`}
                placeholder="Name"
                value={node.custom_name ?? ""}
                onApply={(name) => put(at, { ...node, custom_name: name || undefined })}
              />
              <ActionIcon
                aria-label={`Remove formula ${at + 1}`}
                onClick={() =>
                  onChange(
                    withFormulas(
                      query,
                      nodes.filter((_, i) => i !== at),
                    ),
                  )
                }
              >
                <IconX size={15} />
              </ActionIcon>
            </>
          ) : null}
        </span>
      ))}
      {begun ? null : (
        <Button variant="subtle" color="gray" onClick={() => setBegun(true)}>
          Formula
        </Button>
      )}
    </>
  );
}
