// The packages are installed into .dev/lint, not beside this file.
import {createRequire} from "node:module";

const require = createRequire(new URL("./.dev/lint/package.json", import.meta.url));
const js = require("@eslint/js");
const globals = require("globals");

const limits = {
    complexity: ["error", 15],
    "max-depth": "error",
    "max-lines": ["error", 300],
    "max-lines-per-function": ["error", {max: 35}],
    "max-nested-callbacks": ["error", 4],
};

const habits = {
    "array-callback-return": "error",
    "dot-notation": "error",
    eqeqeq: "error",
    "init-declarations": "error",
    "no-alert": "error",
    "no-caller": "error",
    "no-console": ["error", {allow: ["warn", "error"]}],
    "no-duplicate-imports": "error",
    "no-else-return": "error",
    "no-empty-function": "error",
    "no-eval": "error",
    "no-extend-native": "error",
    "no-implicit-coercion": "error",
    "no-implied-eval": "error",
    "no-lonely-if": "error",
    "no-new-func": "error",
    "no-param-reassign": "error",
    "no-return-assign": "error",
    "no-script-url": "error",
    "no-self-compare": "error",
    "no-sequences": "error",
    "no-shadow": "error",
    "no-throw-literal": "error",
    "no-unneeded-ternary": "error",
    "no-unused-expressions": "error",
    "no-use-before-define": ["error", {functions: false}],
    "no-useless-concat": "error",
    "no-var": "error",
    "operator-assignment": "error",
    "prefer-const": "error",
    radix: "error",
    "spaced-comment": "error",
    yoda: "error",
};

export default [
    {ignores: [".dev/", "dist/", "static/lib/"]},
    js.configs.recommended,
    {
        languageOptions: {
            ecmaVersion: 2024,
            sourceType: "module",
            globals: {...globals.browser, luxon: "readonly", odoo: "readonly"},
        },
        rules: {...limits, ...habits},
    },
    {
        // Tours and tests are long lists of steps.
        files: ["static/tests/**"],
        rules: {"max-lines-per-function": "off", "max-nested-callbacks": "off"},
    },
    {
        files: ["*.mjs", "dev/**"],
        languageOptions: {globals: globals.node},
        rules: {"no-console": "off"},
    },
];
