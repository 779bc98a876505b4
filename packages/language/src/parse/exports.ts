import type { Program } from 'acorn';

/** What a module of the language gives to those who load it. */
const given = ['params', 'memory'];

/** The module's text with its function, `params` and `memory` exported by name, however the program exports them. */
export function withNamedExports(program: Program, text: string, entry: string): string {
  let module = text;
  const declared = new Set<string>();
  const exported = new Set<string>();
  const own = new Set(
    program.body.flatMap((statement) =>
      namesOf(statement.type === 'ExportNamedDeclaration' ? (statement.declaration ?? {}) : statement),
    ),
  );
  const declare = (statement: object, isExported: boolean): void => {
    for (const name of namesOf(statement)) {
      declared.add(name);
      if (isExported) exported.add(name);
    }
  };
  for (const statement of program.body.toReversed()) {
    if (statement.type === 'ExportNamedDeclaration') {
      if (statement.declaration) declare(statement.declaration, true);
      for (const { exported: name } of statement.specifiers) if ('name' in name) exported.add(name.name);
    } else if (statement.type === 'ExportDefaultDeclaration') {
      const { declaration: inner } = statement;
      const replace = (start: number, end: number, by: string): void => {
        module = `${module.slice(0, start)}${by}${module.slice(end)}`;
      };
      const isFunction = ['FunctionDeclaration', 'ArrowFunctionExpression', 'FunctionExpression'].includes(inner.type);
      if (inner.type === 'FunctionDeclaration' && inner.id) {
        declare(inner, true);
        replace(statement.start, inner.start, 'export ');
      } else if (isFunction) {
        exported.add(entry);
        replace(statement.start, inner.start, `export const ${entry} = `);
        if (!module.slice(0, statement.end).endsWith(';')) replace(statement.end, statement.end, '');
      } else if (inner.type === 'ObjectExpression') {
        const inline = inner.properties.flatMap((property) => {
          if (property.type !== 'Property' || property.key.type !== 'Identifier' || property.shorthand) return [];
          // The module's own declaration goes before.
          if (own.has(property.key.name)) return [];
          const { name } = property.key;
          const value = property.method
            ? `{ ${text.slice(property.start, property.end)} }.${name}`
            : text.slice(property.value.start, property.value.end);
          return [`export const ${name} = ${value};`];
        });
        replace(statement.start, statement.end, inline.join('\n'));
        for (const property of inner.properties) {
          const isInline = property.type === 'Property' && property.key.type === 'Identifier' && !property.shorthand;
          if (isInline && 'name' in property.key && !own.has(property.key.name)) exported.add(property.key.name);
        }
      } else replace(statement.start, statement.end, '');
    } else declare(statement, false);
  }
  const missing = [entry, ...given].filter((name) => declared.has(name) && !exported.has(name));
  return missing.length === 0 ? module : `${module.trimEnd()}\n\nexport { ${missing.join(', ')} };\n`;
}

function namesOf(statement: object): string[] {
  if ('id' in statement && isNamed(statement.id)) return [statement.id.name];
  if (!('declarations' in statement) || !Array.isArray(statement.declarations)) return [];
  return statement.declarations.flatMap((declarator: unknown) =>
    typeof declarator === 'object' && declarator !== null && 'id' in declarator && isNamed(declarator.id)
      ? [declarator.id.name]
      : [],
  );
}

function isNamed(value: unknown): value is { readonly name: string } {
  return typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string';
}
