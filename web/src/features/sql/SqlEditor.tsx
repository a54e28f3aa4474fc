import {
  acceptCompletion,
  autocompletion,
  type Completion,
  closeBrackets,
  completeFromList,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { type SQLNamespace, StandardSQL, sql } from "@codemirror/lang-sql";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorState, Prec, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  keymap,
  lineNumbers,
  placeholder,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";
import styles from "@/features/sql/SqlPage.module.css";

const look = EditorView.theme({
  "&": { height: "100%", backgroundColor: "transparent", color: "var(--ink)", fontSize: "13.5px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6" },
  ".cm-content": { caretColor: "var(--accent)", padding: "10px 0" },
  ".cm-cursor": { borderLeftColor: "var(--accent)" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--ink-3)", border: "none", paddingLeft: "6px" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": { background: "var(--accent-soft) !important" },
  ".cm-tooltip": {
    backgroundColor: "var(--surface)",
    color: "var(--ink)",
    border: "1px solid var(--line-strong)",
    borderRadius: "7px",
    overflow: "hidden",
  },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: "12.5px" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { background: "var(--accent-soft)", color: "var(--accent-ink)" },
  ".cm-problem": { textDecoration: "underline wavy var(--bad)", textUnderlineOffset: "4px" },
});

const colors = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent-ink)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--c2)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--c3)" },
  { tag: tags.comment, color: "var(--ink-3)", fontStyle: "italic" },
]);

const setProblem = StateEffect.define<{ from: number; to: number } | null>();
const problemField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, change) {
    for (const effect of change.effects) {
      if (effect.is(setProblem)) {
        const at = effect.value;
        return at ? Decoration.set([Decoration.mark({ class: "cm-problem" }).range(at.from, at.to)]) : Decoration.none;
      }
    }
    return change.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/**
 * Typing over coloured text: left to itself the browser keeps the colour as an inline style, which the content security
 * policy refuses with a complaint. Brackets and quotes stay with `closeBrackets`, which puts them around the selection.
 */
const typeOver = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    const { data, inputType } = event;
    if (inputType !== "insertText" || !data || /^[([{'"`]$/.test(data) || view.state.selection.main.empty) return false;
    view.dispatch({ ...view.state.replaceSelection(data), userEvent: "input.type", scrollIntoView: true });
    event.preventDefault();
    return true;
  },
});

export interface Position {
  line: number;
  column: number;
}

export interface SqlEditorProps {
  /** The first text. The editor keeps what is typed; to put another text into it, give it another key. */
  initial: string;
  completion: { schema: SQLNamespace; words: Completion[] };
  problem: Position | null;
  onChange: (text: string) => void;
  /** Gets the text as it stands, which may be newer than the last onChange that was rendered. */
  onRun: (text: string) => void;
}

const languageOf = ({ schema, words }: SqlEditorProps["completion"]) => [
  sql({ dialect: StandardSQL, schema, upperCaseKeywords: true }),
  StandardSQL.language.data.of({ autocomplete: completeFromList(words) }),
];

/**
 * The editor lives in a shadow root: there its styles are constructed sheets, where in the page they would be a style
 * element, which a strict content security policy forbids.
 */
export default function SqlEditor({ initial, completion, problem, onChange, onRun }: SqlEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef({ onChange, onRun });
  latest.current = { onChange, onRun };
  const language = useRef(new Compartment());
  const first = useRef({ initial, completion });

  useEffect(() => {
    const host = place.current;
    if (!host) return;
    const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    const parent = document.createElement("div");
    parent.style.height = "100%";
    root.replaceChildren(parent);
    const made = new EditorView({
      root,
      parent,
      state: EditorState.create({
        doc: first.current.initial,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          closeBrackets(),
          typeOver,
          EditorView.lineWrapping,
          autocompletion({ icons: false }),
          Prec.highest(
            keymap.of([
              {
                key: "Mod-Enter",
                run: (editor) => {
                  latest.current.onRun(editor.state.doc.toString());
                  return true;
                },
              },
              { key: "Tab", run: acceptCompletion },
            ]),
          ),
          // Tab indents only inside a text; Escape and then Tab leaves the editor (CodeMirror's own rule).
          keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
          language.current.of(languageOf(first.current.completion)),
          syntaxHighlighting(colors),
          problemField,
          placeholder("SELECT event, count() FROM events GROUP BY event"),
          EditorView.contentAttributes.of({ "aria-label": "SQL" }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
          look,
        ],
      }),
    });
    view.current = made;
    // A tab that is not looked at must not take the focus.
    if (host.offsetParent !== null) made.focus();
    return () => made.destroy();
  }, []);

  useEffect(() => {
    view.current?.dispatch({
      effects: language.current.reconfigure(languageOf(completion)),
    });
  }, [completion]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    if (!problem || problem.line > editor.state.doc.lines) {
      editor.dispatch({ effects: setProblem.of(null) });
      return;
    }
    const line = editor.state.doc.line(Math.max(1, problem.line));
    const from = Math.min(line.from + Math.max(0, problem.column - 1), Math.max(line.from, line.to - 1));
    if (line.length > 0) editor.dispatch({ effects: setProblem.of({ from, to: line.to }) });
  }, [problem]);

  return <div ref={place} className={styles.editor} data-testid="sql-editor" />;
}
