/**
 * The house rules that need a syntax tree, as a lint plugin; `tests/tidy_test.ts` runs it over the
 * sources.
 */

/** Lines that a function may have. */
export const FUNCTION_LINES_MAX = 70;

/** Rooms whose files may use the machine's clock, timers and randomness directly. */
const FREE_OF_CLOCK_RULE = /\/(internal|runner|cli|demo|simulator|native)\/|_test\.ts$|\/_fake/;

const CLOCKS = new Set(["Date.now", "Math.random", "performance.now"]);
const TIMERS = new Set(["setTimeout", "setInterval"]);

/** The rules of the house. */
export const houseRules: Deno.lint.Plugin = {
  name: "house",
  rules: {
    "function-lines": {
      create(context) {
        const check = (node: Deno.lint.Node) => {
          const lines = context.sourceCode.getText(node).split("\n").length;
          if (lines > FUNCTION_LINES_MAX) {
            context.report({ node, message: `a function of ${lines} lines` });
          }
        };
        return {
          FunctionDeclaration: check,
          FunctionExpression: check,
          ArrowFunctionExpression: check,
        };
      },
    },
    "no-plain-error": {
      create(context) {
        return {
          'ThrowStatement > NewExpression[callee.name="Error"]'(node: Deno.lint.Node) {
            context.report({ node, message: "a plain Error is thrown" });
          },
        };
      },
    },
    "no-clock": {
      create(context) {
        if (FREE_OF_CLOCK_RULE.test(context.filename)) return {};
        return {
          CallExpression(node) {
            const callee = context.sourceCode.getText(node.callee);
            if (CLOCKS.has(callee) || TIMERS.has(callee)) {
              context.report({ node, message: `${callee} outside of host/internal` });
            }
          },
        };
      },
    },
  },
};
