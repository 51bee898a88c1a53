import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { parse, parseTree } from "jsonc-parser";
import { jsoncTokens, TokenKind } from "./_jsonc_tokens.ts";
import { editRegistryText, type RegistryTextEdit } from "./edit_registry_text.ts";

const TEXT = `// Order matters here.
{
  "plugins": [ // the list
    // Section one.

    // Writes the audit trail.
    // Keep it first.
    {
      "id": "audit", // unique
      "path": "./audit.ts"
    }, // after audit
    /* Two lines
       for the hook. */
    { "id": "hook", "path": "./hook.ts" },

    // Section two.

    { "id": "report", "path": "./report.ts" } // after report
    // the end
  ]
}
`;

Deno.test("editRegistryText() takes the comments of a plugin along when it moves", () => {
  assertEquals(
    editRegistryText(TEXT, { kind: "move", at: 0, to: 2 }),
    `// Order matters here.
{
  "plugins": [ // the list
    // Section one.

    /* Two lines
       for the hook. */
    { "id": "hook", "path": "./hook.ts" },
    { "id": "report", "path": "./report.ts" }, // after report

    // Section two.

    // Writes the audit trail.
    // Keep it first.
    {
      "id": "audit", // unique
      "path": "./audit.ts"
    } // after audit
    // the end
  ]
}
`,
  );
});

Deno.test("editRegistryText() gives the text back when a plugin moves there and back", () => {
  const there = editRegistryText(TEXT, { kind: "move", at: 2, to: 0 });
  assertEquals(editRegistryText(there, { kind: "move", at: 0, to: 2 }), TEXT);
});

Deno.test("editRegistryText() keeps the comments around a plugin when it is removed", () => {
  assertEquals(
    editRegistryText(TEXT, { kind: "remove", at: 2 }),
    TEXT.replace(`{ "id": "report", "path": "./report.ts" } // after`, "// after")
      .replace(`hook.ts" },`, `hook.ts" }`),
  );
  assertEquals(
    editRegistryText(TEXT, { kind: "remove", at: 1 }),
    TEXT.replace(`    { "id": "hook", "path": "./hook.ts" },\n`, ""),
  );
});

Deno.test("editRegistryText() writes in the style of the file when a plugin is added", () => {
  const entry = { id: "new", path: "./new.ts", permissions: { read: ["./x"] } };
  assertEquals(
    editRegistryText(TEXT, { kind: "add", at: 3, entry }),
    TEXT.replace(
      "} // after report\n",
      `}, // after report
    {
      "id": "new",
      "path": "./new.ts",
      "permissions": {
        "read": [
          "./x"
        ]
      }
    }
`,
    ),
  );
  assertEquals(
    editRegistryText('{"plugins":[{"id":"a","path":"a.ts"}]}', {
      kind: "add",
      at: 0,
      entry: { id: "b", path: "b.ts" },
    }),
    '{"plugins":[{ "id": "b", "path": "b.ts" }, {"id":"a","path":"a.ts"}]}',
  );
  assertEquals(
    editRegistryText('{\r\n\t"plugins": []\r\n}\r\n', {
      kind: "add",
      at: 0,
      entry: { id: "b", path: "b.ts" },
    }),
    '{\r\n\t"plugins": [\r\n\t\t{\r\n\t\t\t"id": "b",\r\n\t\t\t"path": "b.ts"\r\n\t\t}\r\n\t]\r\n}\r\n',
  );
});

Deno.test("editRegistryText() changes the one word when a plugin is enabled or disabled", () => {
  const disabled = editRegistryText(TEXT, { kind: "setEnabled", at: 0, enabled: false });
  assertEquals(
    disabled,
    TEXT.replace('"./audit.ts"\n', '"./audit.ts",\n      "enabled": false\n'),
  );
  assertEquals(
    editRegistryText(disabled, { kind: "setEnabled", at: 0, enabled: true }),
    disabled.replace("false", "true"),
  );
  assertEquals(
    editRegistryText(TEXT, { kind: "setEnabled", at: 1, enabled: false }),
    TEXT.replace('"./hook.ts" }', '"./hook.ts", "enabled": false }'),
  );
});

Deno.test("editRegistryText() puts a line break when a line comment would swallow what follows", () => {
  const text = '{"plugins":[{"id":"a"}, {"id":"b"}, // b\n {"id":"c"}]}';
  const moved = editRegistryText(text, { kind: "move", at: 1, to: 0 });
  assertEquals(parse(moved).plugins.map((p: { id: string }) => p.id), ["b", "a", "c"]);
});

function commentsOf(text: string): string[] {
  return [...jsoncTokens(text)]
    .filter(({ kind }) => kind === TokenKind.lineComment || kind === TokenKind.blockComment)
    .map(({ offset, end }) => text.slice(offset, end)).toSorted();
}

function elementText(text: string, at: number): string {
  const plugins = parseTree(text, [], { allowTrailingComma: true })?.children
    ?.find((property) => property.children?.[0]?.value === "plugins")?.children?.[1];
  const node = plugins?.children?.[at];
  return node === undefined ? "" : text.slice(node.offset, node.offset + node.length);
}

const blanks = fc.constantFrom("", " ", "  ", "\n", "\n  ", "\n\n    ", "\t");
const comment = fc.oneof(
  fc.nat(99).map((n) => `// c${n}, "x": [1] /* \n`),
  fc.nat(99).map((n) => `/* b${n} // ] } */`),
  fc.nat(99).map((n) => `/* m${n}\n , */`),
);
const trivia = fc.array(fc.oneof(blanks, comment), { maxLength: 4 }).map((parts) => parts.join(""));
const element = fc.record({
  id: fc.integer({ min: 0, max: 999 }),
  enabled: fc.option(fc.boolean(), { nil: undefined }),
  pieces: fc.tuple(trivia, trivia, trivia, trivia, trivia),
  comma: fc.boolean(),
}).map(({ id, enabled, pieces: [a, b, c, d, e], comma }) =>
  `{${a}"id"${b}: "p${id}"${c},${d}"path": "x.ts"${
    enabled === undefined ? "" : `, "enabled": ${enabled}`
  }${comma ? "," : ""}${e}}`
);
const documentText = fc.record({
  elements: fc.array(fc.tuple(trivia, element, trivia), { maxLength: 6 }),
  comma: fc.boolean(),
  around: fc.tuple(trivia, trivia, trivia, trivia),
  crlf: fc.boolean(),
}).map(({ elements, comma, around: [a, b, c, d], crlf }) => {
  const list = elements.map((parts) => parts.join("")).join(",");
  const last = comma && elements.length > 0 ? "," : "";
  const text = `${a}{${b}"other": [{"plugins": []}], "plugins": [${list}${last}${c}]}${d}`;
  return crlf ? text.replaceAll("\n", "\r\n") : text;
});
const steps = fc.array(
  fc.record({
    kind: fc.constantFrom("add", "remove", "move", "setEnabled"),
    at: fc.nat(),
    to: fc.nat(),
    enabled: fc.boolean(),
  }),
  { minLength: 1, maxLength: 5 },
);

type Step = { kind: string; at: number; to: number; enabled: boolean };

function editOf(step: Step, count: number): RegistryTextEdit | undefined {
  const entry = { id: `n${step.to}`, path: "n.ts", config: { "//": "no comment, [}" } };
  if (step.kind === "add") return { kind: "add", at: step.at % (count + 1), entry };
  if (count === 0) return undefined;
  const at = step.at % count;
  if (step.kind === "remove") return { kind: "remove", at };
  if (step.kind === "move") return { kind: "move", at, to: step.to % count };
  return { kind: "setEnabled", at, enabled: step.enabled };
}

function modelAfter(model: Record<string, unknown>[], edit: RegistryTextEdit): unknown[] {
  if (edit.kind === "add") return model.toSpliced(edit.at, 0, { ...edit.entry });
  const entry = model[edit.at] ?? {};
  const rest = model.toSpliced(edit.at, 1);
  if (edit.kind === "remove") return rest;
  if (edit.kind === "move") return rest.toSpliced(edit.to, 0, entry);
  if (edit.enabled && entry.enabled === undefined) return model;
  return model.with(edit.at, { ...entry, enabled: edit.enabled });
}

Deno.test("editRegistryText() changes the value as wanted and loses no comment when anything is edited", () => {
  fc.assert(
    fc.property(documentText, steps, (start, all) => {
      let text = start;
      for (const step of all) {
        const before = parse(text, [], { allowTrailingComma: true });
        const edit = editOf(step, before.plugins.length);
        if (edit === undefined) continue;
        const comments = commentsOf(text);
        if (edit.kind === "remove") {
          for (const inside of commentsOf(elementText(text, edit.at))) {
            comments.splice(comments.indexOf(inside), 1);
          }
        }
        text = editRegistryText(text, edit);
        const errors: never[] = [];
        const after = parse(text, errors, { allowTrailingComma: true });
        assertEquals(errors, []);
        assertEquals(after, { ...before, plugins: modelAfter(before.plugins, edit) });
        assertEquals(commentsOf(text), comments);
      }
    }),
    { numRuns: 500 },
  );
});
