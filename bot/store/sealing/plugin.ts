/** Seals the listed columns on their way into the database and opens them on their way out: queries read and write plain values. */
import {
  type BinaryOperationNode,
  type ColumnUpdateNode,
  type InsertQueryNode,
  type KyselyPlugin,
  type OperationNode,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  PrimitiveValueListNode,
  type ReferenceNode,
  type RootOperationNode,
  type SelectQueryNode,
  type TableNode,
  type UpdateQueryNode,
  ValueNode,
  type ValuesNode,
} from 'kysely';
import { sealedColumns } from './columns.ts';
import type { KeyRing } from './key-ring.ts';
import { isSealed } from './seal.ts';

type Change = (value: unknown) => unknown;

/** A plugin for every query of one database. Raw SQL fragments are left alone: bind no personal value in one. */
export class SealingPlugin implements KyselyPlugin {
  readonly #ring: KeyRing;

  constructor(ring: KeyRing) {
    this.#ring = ring;
  }

  transformQuery({ node }: PluginTransformQueryArgs): RootOperationNode {
    switch (node.kind) {
      case 'InsertQueryNode':
        return this.#insert(node);
      case 'UpdateQueryNode':
        return this.#update(node);
      case 'SelectQueryNode':
      case 'DeleteQueryNode':
        return this.#search(node, tablesOf(node)) as RootOperationNode;
      default:
        return node;
    }
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<PluginTransformResultArgs['result']> {
    for (const row of result.rows) {
      for (const column in row) {
        const value = row[column];
        if (isSealed(value)) row[column] = this.#ring.open(value);
      }
    }
    return result;
  }

  #change(table: string | undefined, column: string): Change | undefined {
    const columns = table === undefined ? undefined : sealedColumns[table];
    // An empty text says nothing, and queries ask for it.
    if (columns?.sealed.includes(column))
      return (value) => (typeof value === 'string' && value !== '' && !isSealed(value) ? this.#ring.seal(value) : value);
    if (columns?.lookup.includes(column))
      return (value) => (typeof value === 'string' && value !== '' && !isSealed(value) ? this.#ring.sealForLookup(value) : value);
    return undefined;
  }

  #insert(node: InsertQueryNode): InsertQueryNode {
    const table = node.into && nameOf(node.into);
    if (table === undefined || sealedColumns[table] === undefined) return node;
    const changes = (node.columns ?? []).map(({ column }) => this.#change(table, column.name));
    const values = node.values?.kind === 'ValuesNode' ? changedValues(node.values as ValuesNode, changes) : node.values;
    const { onConflict } = node;
    return {
      ...node,
      ...(values === undefined ? {} : { values }),
      ...(onConflict?.updates
        ? { onConflict: { ...onConflict, updates: onConflict.updates.map((one) => this.#columnUpdate(table, one)) } }
        : {}),
    };
  }

  #update(node: UpdateQueryNode): UpdateQueryNode {
    const [table] = tablesOf(node);
    const updates =
      table === undefined || sealedColumns[table] === undefined ? node.updates : node.updates?.map((one) => this.#columnUpdate(table, one));
    return { ...this.#search(node, tablesOf(node)), ...(updates === undefined ? {} : { updates }) };
  }

  #columnUpdate(table: string, update: ColumnUpdateNode): ColumnUpdateNode {
    if (update.column.kind !== 'ColumnNode' || update.value.kind !== 'ValueNode') return update;
    const change = this.#change(table, (update.column as unknown as { column: { name: string } }).column.name);
    return change ? { ...update, value: changedValue(update.value as ValueNode, change) } : update;
  }

  /** The condition of a query with its searched values sealed; untouched where none of the tables has a searched column. */
  #search<N extends OperationNode>(node: N, tables: readonly string[]): N {
    const { where } = node as N & { where?: { where: OperationNode } };
    if (where === undefined || !mentionsLookup(where.where, tables)) return node;
    return { ...node, where: { ...where, where: this.#condition(where.where, tables) } };
  }

  #condition(node: OperationNode, tables: readonly string[]): OperationNode {
    switch (node.kind) {
      case 'AndNode':
      case 'OrNode': {
        const { left, right } = node as OperationNode & { left: OperationNode; right: OperationNode };
        return { ...node, left: this.#condition(left, tables), right: this.#condition(right, tables) } as OperationNode;
      }
      case 'ParensNode':
        return { ...node, node: this.#condition((node as OperationNode & { node: OperationNode }).node, tables) } as OperationNode;
      case 'UnaryOperationNode':
        return {
          ...node,
          operand: this.#condition((node as OperationNode & { operand: OperationNode }).operand, tables),
        } as OperationNode;
      case 'SelectQueryNode':
        return this.#search(node, [...tablesOf(node as SelectQueryNode), ...tables]);
      case 'BinaryOperationNode':
        return this.#comparison(node as BinaryOperationNode, tables);
      default:
        return node;
    }
  }

  #comparison(node: BinaryOperationNode, tables: readonly string[]): OperationNode {
    const right = node.rightOperand;
    if (right.kind === 'SelectQueryNode') return replaced(node, this.#condition(right, tables));
    const column = columnOf(node.leftOperand);
    if (column === undefined) return node;
    const table = column.table ?? tables.find((one) => sealedColumns[one]?.lookup.includes(column.name));
    const change = this.#change(table, column.name);
    if (change === undefined) return node;
    if (right.kind === 'ValueNode') return replaced(node, changedValue(right as ValueNode, change));
    if (right.kind === 'PrimitiveValueListNode')
      return replaced(node, PrimitiveValueListNode.create((right as PrimitiveValueListNode).values.map(change)));
    if (right.kind === 'ValueListNode') {
      const { values } = right as OperationNode & { values: readonly OperationNode[] };
      const changed = values.map((one) => (one.kind === 'ValueNode' ? changedValue(one as ValueNode, change) : one));
      return replaced(node, { ...right, values: changed } as OperationNode);
    }
    return node;
  }
}

/** Whether a condition may compare a searched column: tables without one are the busiest. */
function mentionsLookup(node: OperationNode, tables: readonly string[]): boolean {
  if (tables.some((table) => (sealedColumns[table]?.lookup.length ?? 0) > 0)) return true;
  // A query inside the condition may read another table.
  return holdsQuery(node);
}

function holdsQuery(node: OperationNode): boolean {
  switch (node.kind) {
    case 'SelectQueryNode':
      return true;
    case 'AndNode':
    case 'OrNode': {
      const { left, right } = node as OperationNode & { left: OperationNode; right: OperationNode };
      return holdsQuery(left) || holdsQuery(right);
    }
    case 'ParensNode':
      return holdsQuery((node as OperationNode & { node: OperationNode }).node);
    case 'UnaryOperationNode':
      return holdsQuery((node as OperationNode & { operand: OperationNode }).operand);
    case 'BinaryOperationNode':
      return (node as BinaryOperationNode).rightOperand.kind === 'SelectQueryNode';
    default:
      return false;
  }
}

const replaced = (node: BinaryOperationNode, rightOperand: OperationNode): BinaryOperationNode => ({ ...node, rightOperand });

const changedValue = (node: ValueNode, change: Change): ValueNode => ({
  ...ValueNode.create(change(node.value)),
  ...(node.immediate ? { immediate: true } : {}),
});

function changedValues(node: ValuesNode, changes: readonly (Change | undefined)[]): ValuesNode {
  return {
    ...node,
    values: node.values.map((row) => {
      if (row.kind === 'PrimitiveValueListNode')
        return PrimitiveValueListNode.create(row.values.map((value, index) => changes[index]?.(value) ?? value));
      const values = row.values.map((one, index) => {
        const change = changes[index];
        return change && one.kind === 'ValueNode' ? changedValue(one as ValueNode, change) : one;
      });
      return { ...row, values };
    }),
  };
}

/** Names of the tables a query names first: what it reads from, then its joins. */
function tablesOf(node: OperationNode): string[] {
  const { from, table, joins } = node as {
    from?: { froms: readonly OperationNode[] };
    table?: OperationNode;
    joins?: readonly { table: OperationNode }[];
  };
  return [...(table ? [table] : []), ...(from?.froms ?? []), ...(joins ?? []).map((join) => join.table)].flatMap(
    (one) => nameOf(one) ?? [],
  );
}

/** The name of a table, also of one that has another name in the query. */
function nameOf(node: OperationNode): string | undefined {
  if (node.kind === 'TableNode') return (node as TableNode).table.identifier.name;
  if (node.kind === 'AliasNode') return nameOf((node as unknown as { node: OperationNode }).node);
  return undefined;
}

function columnOf(node: OperationNode): { name: string; table: string | undefined } | undefined {
  if (node.kind !== 'ReferenceNode') return undefined;
  const { column, table } = node as ReferenceNode;
  if (column.kind !== 'ColumnNode') return undefined;
  const named = table && nameOf(table);
  return {
    name: (column as unknown as { column: { name: string } }).column.name,
    table: named !== undefined && sealedColumns[named] ? named : undefined,
  };
}
