/** The toolbar's looks, in its shadow root alone: no style of the page reaches in, none of ours reaches out. */

export const LOOK = `
:host { all: initial; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.frame {
  position: fixed; z-index: 2147483646; pointer-events: none;
  border: 2px solid #2f6fed; border-radius: 5px; background: rgb(47 111 237 / 14%);
}
.bar, .panel {
  position: fixed; z-index: 2147483647; left: 50%; translate: -50% 0;
  font: 14px/1.45 system-ui, -apple-system, "Segoe UI", sans-serif; color: #f3f4f6; background: #1a1c20;
  border: 1px solid #4a4e57; border-radius: 12px; box-shadow: 0 6px 28px rgb(0 0 0 / 35%);
}
.bar {
  bottom: 16px; display: flex; align-items: center; gap: 6px; max-width: calc(100vw - 16px); padding: 6px 8px 6px 14px;
}
.bar strong { font-weight: 600; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; max-width: 30vw; }
.panel {
  bottom: 72px; display: grid; gap: 10px; width: min(400px, calc(100vw - 16px)); max-height: calc(100vh - 96px);
  padding: 14px 16px; overflow: auto;
}
.panel[hidden] { display: none; }
h2 { margin: 0; font-size: 15px; font-weight: 600; overflow-wrap: anywhere; }
p { margin: 0; color: #c3c7cf; overflow-wrap: anywhere; }
p[role="alert"] { color: #ffb4a8; }
fieldset { display: grid; gap: 8px; margin: 0; padding: 0; border: 0; min-width: 0; }
legend { padding: 0; margin-bottom: 6px; color: #c3c7cf; }
.condition { display: grid; grid-template-columns: minmax(0, 1fr); gap: 4px; }
.condition > code, .condition > select { width: auto; margin-left: 21px; }
label { display: flex; align-items: center; gap: 8px; }
label.name { display: grid; grid-template-columns: minmax(0, 1fr); gap: 4px; }
code { font: 13px/1.4 ui-monospace, monospace; color: #f3f4f6; overflow-wrap: anywhere; }
input:not([type="checkbox"]), select {
  width: 100%; min-width: 0; padding: 6px 8px; font: inherit; color: inherit; background: #0f1113;
  border: 1px solid #5c616c; border-radius: 7px;
}
input[type="checkbox"] { accent-color: #2f6fed; }
button {
  padding: 6px 12px; font: inherit; color: inherit; white-space: nowrap; background: #30343c; border: 1px solid transparent;
  border-radius: 8px; cursor: pointer;
}
button:hover { background: #3d424c; }
button.main { color: #fff; background: #2760d8; font-weight: 600; }
button.main:hover { background: #1f52bf; }
button:disabled { opacity: 0.55; cursor: default; }
button[aria-pressed="true"] { background: #2760d8; }
:is(button, input, select, a):focus-visible { outline: 2px solid #8fb4ff; outline-offset: 2px; }
a { color: #9cc0ff; }
.row { display: flex; flex-wrap: wrap; gap: 8px; }
ul { display: grid; gap: 4px; margin: 0; padding: 0; list-style: none; }
li button { display: flex; justify-content: space-between; gap: 12px; width: 100%; text-align: left; white-space: normal; }
li span { overflow-wrap: anywhere; }
li small { color: #c3c7cf; white-space: nowrap; font-size: 13px; }
`;
