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
import { Placeholder } from '../placeholder.ts';
import { sealedColumns } from './columns.ts';
import type { KeyRing } from './key-ring.ts';
import { Remembered } from './remembered.ts';
import { isSealed } from './seal.ts';

/** In each of two generations: some megabytes. */
const REMEMBERED_CHARACTERS = 1_000_000;

type Change = (value: unknown) => unknown;
type QueryId = PluginTransformQueryArgs['queryId'];

/**
 * A plugin for every query of one database. What is written is sealed whatever it looks like; read are the listed columns of the tables a query
 * names. Raw SQL fragments are left alone: bind no personal value in one, and give no sealed column another name.
 */
export class SealingPlugin implements KyselyPlugin {
  readonly #changes: ReadonlyMap<string, ReadonlyMap<string, Change>>;
  readonly #open: (value: string) => string;
  /** What a query reads that must be opened. */
  readonly #opened = new WeakMap<QueryId, readonly string[]>();
  /** What came out of here: a query used inside another one passes twice. */
  readonly #done = new WeakSet<OperationNode>();

  constructor(ring: KeyRing) {
    // An empty text says nothing, and queries ask for it.
    const change = (seal: (text: string) => string): Change => {
      const changed: Change = (value) => {
        if (typeof value === 'string') return value === '' ? value : seal(value);
        return value instanceof Placeholder ? value.through(changed) : value;
      };
      return changed;
    };
    // A turn reads what it has just written, some rows several times: no need to open them each time.
    const opened = new Remembered(REMEMBERED_CHARACTERS);
    const looked = new Remembered(REMEMBERED_CHARACTERS / 8);
    const sealed = change((text) => {
      const envelope = ring.seal(text);
      opened.put(envelope, text);
      return envelope;
    });
    const lookup = change((text) => looked.get(text, (one) => ring.sealForLookup(one)));
    this.#changes = new Map(
      Object.entries(sealedColumns).map(([table, columns]) => [
        table,
        new Map([...columns.sealed.map((one) => [one, sealed] as const), ...columns.lookup.map((one) => [one, lookup] as const)]),
      ]),
    );
    this.#open = (envelope) => opened.get(envelope, (one) => ring.open(one));
  }

  transformQuery({ node, queryId }: PluginTransformQueryArgs): RootOperationNode {
    const opened = columnsRead(node);
    if (opened !== none) this.#opened.set(queryId, opened);
    switch (node.kind) {
      case 'InsertQueryNode':
        return this.#insert(node);
      case 'UpdateQueryNode':
        return this.#update(node);
      case 'SelectQueryNode':
      case 'DeleteQueryNode':
        return node.where === undefined ? node : (this.#search(node, tablesOf(node)) as RootOperationNode);
      default:
        return node;
    }
  }

  async transformResult({ result, queryId }: PluginTransformResultArgs): Promise<PluginTransformResultArgs['result']> {
    this.openRows(result.rows, queryId);
    return result;
  }

  /** Opens what the query with this id has read, in place. */
  openRows(rows: readonly Record<string, unknown>[], queryId: QueryId): void {
    const columns = this.#opened.get(queryId);
    if (columns === undefined) return;
    for (const row of rows) {
      for (const column of columns) {
        const value = row[column];
        if (isSealed(value)) row[column] = this.#open(value);
      }
    }
  }

  #change(table: string | undefined, column: string): Change | undefined {
    return table === undefined ? undefined : this.#changes.get(table)?.get(column);
  }

  #insert(node: InsertQueryNode): InsertQueryNode {
    const table = node.into && nameOf(node.into);
    if (table === undefined || sealedColumns[table] === undefined) return node;
    const changes = (node.columns ?? []).map(({ column }) => this.#change(table, column.name));
    const values = node.values?.kind === 'ValuesNode' ? this.#values(node.values as ValuesNode, changes) : node.values;
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
    return change ? { ...update, value: this.#value(update.value as ValueNode, change) } : update;
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
    if (right.kind === 'ValueNode') return replaced(node, this.#value(right as ValueNode, change));
    if (right.kind === 'PrimitiveValueListNode')
      return replaced(
        node,
        this.#list(right as PrimitiveValueListNode, (values) => values.map(change)),
      );
    if (right.kind === 'ValueListNode') {
      const { values } = right as OperationNode & { values: readonly OperationNode[] };
      const changed = values.map((one) => (one.kind === 'ValueNode' ? this.#value(one as ValueNode, change) : one));
      return replaced(node, { ...right, values: changed } as OperationNode);
    }
    return node;
  }

  #values(node: ValuesNode, changes: readonly (Change | undefined)[]): ValuesNode {
    return {
      ...node,
      values: node.values.map((row) => {
        if (row.kind === 'PrimitiveValueListNode')
          return this.#list(row, (list) => list.map((value, index) => changes[index]?.(value) ?? value));
        const values = row.values.map((one, index) => {
          const change = changes[index];
          return change && one.kind === 'ValueNode' ? this.#value(one as ValueNode, change) : one;
        });
        return { ...row, values };
      }),
    };
  }

  #value(node: ValueNode, change: Change): ValueNode {
    if (this.#done.has(node)) return node;
    const changed = { ...ValueNode.create(change(node.value)), ...(node.immediate ? { immediate: true } : {}) };
    this.#done.add(changed);
    return changed;
  }

  #list(node: PrimitiveValueListNode, change: (values: readonly unknown[]) => readonly unknown[]): PrimitiveValueListNode {
    if (this.#done.has(node)) return node;
    const changed = PrimitiveValueListNode.create(change(node.values));
    this.#done.add(changed);
    return changed;
  }
}

interface Sources {
  readonly into?: OperationNode;
  readonly table?: OperationNode;
  readonly from?: { readonly froms: readonly OperationNode[] };
  readonly using?: { readonly tables: readonly OperationNode[] };
  readonly joins?: readonly { readonly table: OperationNode }[];
  readonly with?: { readonly expressions: readonly { readonly expression: OperationNode }[] };
}

const none: readonly string[] = [];
/** Tables with a column that is searched. */
const searched: ReadonlySet<string> = new Set(Object.keys(sealedColumns).filter((table) => (sealedColumns[table]?.lookup.length ?? 0) > 0));
const listed: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(sealedColumns).map(([table, { sealed, lookup }]) => [table, [...sealed, ...lookup]]),
);
const everyListed = [...new Set([...listed.values()].flat())];

/** The listed columns of the tables a query reads, also through queries it reads from; of raw SQL, whose tables nobody knows, all. */
function columnsRead(node: OperationNode): readonly string[] {
  if (node.kind === 'RawNode') return everyListed;
  const only = onlySource(node);
  if (only !== undefined) return columnsOf(only);
  const [first, second, ...more] = sourcesOf(node)
    .map(columnsOf)
    .filter((columns) => columns !== none);
  if (first === undefined) return none;
  return second === undefined ? first : [...new Set([...first, ...second, ...more.flat()])];
}

function columnsOf(source: OperationNode): readonly string[] {
  const table = nameOf(source);
  if (table !== undefined) return listed.get(table) ?? none;
  const inner = source.kind === 'AliasNode' ? (source as unknown as { node: OperationNode }).node : source;
  return inner.kind === 'SelectQueryNode' ? columnsRead(inner) : none;
}

/** Whether a condition may compare a searched column: tables without one are the busiest. */
function mentionsLookup(node: OperationNode, tables: readonly string[]): boolean {
  if (tables.some((table) => searched.has(table))) return true;
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

/** The one thing a query names, as most do: they are not worth a list. Undefined: none or several. */
function onlySource(node: OperationNode): OperationNode | undefined {
  const { into, table, from, using, joins, with: before } = node as Sources;
  if (using || before || (joins && joins.length > 0)) return undefined;
  if (from === undefined) return into ?? table;
  return into || table || from.froms.length !== 1 ? undefined : from.froms[0];
}

/** What a query names: what it reads from or writes to, its joins, and what it defines before. */
function sourcesOf(node: OperationNode): OperationNode[] {
  const query = node as Sources;
  const sources: OperationNode[] = [];
  if (query.into) sources.push(query.into);
  if (query.table) sources.push(query.table);
  if (query.from) sources.push(...query.from.froms);
  if (query.using) sources.push(...query.using.tables);
  for (const join of query.joins ?? []) sources.push(join.table);
  for (const one of query.with?.expressions ?? []) sources.push(one.expression);
  return sources;
}

function tablesOf(node: OperationNode): string[] {
  const only = onlySource(node);
  const name = only && nameOf(only);
  return name === undefined ? sourcesOf(node).flatMap((one) => nameOf(one) ?? []) : [name];
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
