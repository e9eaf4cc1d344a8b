import { parseSync, Visitor, type Expression } from 'oxc-parser';

/** One place where a file names another module. */
export type Edge = {
  /** What is named, or undefined where it is computed and cannot be known. */
  readonly specifier: string | undefined;
  readonly line: number;
};

/**
 * Every module that `source` names: static imports, re-exports, `import()`, `import('…')` types, `require()` and
 * `process.getBuiltinModule()`, which loads a built-in without any import.
 */
export function edgesOf(path: string, source: string): Edge[] {
  const { module, program, errors } = parseSync(path, source);
  if (errors[0] !== undefined) throw new SyntaxError(`${path}: ${errors[0].message}`);
  const edges: Edge[] = [];
  const add = (specifier: string | undefined, start: number): void => {
    edges.push({ specifier, line: lineAt(source, start) });
  };
  for (const { moduleRequest } of module.staticImports) add(moduleRequest.value, moduleRequest.start);
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest } of entries)
      if (moduleRequest !== null) add(moduleRequest.value, moduleRequest.start);
  }
  new Visitor({
    ImportExpression: (node) => add(literal(node.source), node.start),
    TSImportType: (node) => add(literal(node.source), node.start),
    CallExpression: ({ callee, arguments: [first], start }) => {
      const called = source.slice(callee.start, callee.end);
      if (/^(?:require|(?:globalThis\.)?process\.getBuiltinModule)$/u.test(called)) {
        add(first === undefined || first.type === 'SpreadElement' ? undefined : literal(first), start);
      }
    },
  }).visit(program);
  return edges;
}

function literal(node: Expression): string | undefined {
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;
}

function lineAt(source: string, offset: number): number {
  return source.slice(0, offset).split('\n').length;
}
