import type { Expression, FieldTest, RuleField } from '../../model/custom-rule.ts'
import type { EventBatch, Kind } from '../../model/event-batch.ts'
import { createAnswerCache } from './answer-cache.ts'
import { compileTest } from './compile-test.ts'
import type { FieldReader, RowFields, RuleActor } from './row-fields.ts'

type RowTest = (batch: EventBatch, i: number, actor: RuleActor) => boolean

export interface CompiledDetection {
  /** What the kind alone says: that no such row matches, that every one does, or (null) that the row has to be asked. */
  ofKind(kind: Kind): boolean | null
  readonly matches: RowTest
}

export function compileDetection(where: Expression, fields: RowFields): CompiledDetection {
  const ofKind = compileForKind(where, fields)
  return { ofKind, matches: compileForRow(where, fields) }
}

type KindTest = (kind: Kind) => boolean | null

/** Three-valued: null where the answer hangs on more than the kind. */
function compileForKind(expression: Expression, fields: RowFields): KindTest {
  switch (expression.op) {
    case 'test': {
      if (fields.reader(expression.field).scope !== 'kind') return () => null
      const test = compileTest(expression.test)
      return (kind) => test(fields.ofKind(expression.field, kind))
    }
    case 'not': {
      const inner = compileForKind(expression.of, fields)
      return (kind) => {
        const answer = inner(kind)
        return answer === null ? null : !answer
      }
    }
    default: {
      const parts = expression.of.map((one) => compileForKind(one, fields))
      const decisive = expression.op === 'or'
      return (kind) => {
        const answers = parts.map((part) => part(kind))
        if (answers.includes(decisive)) return decisive
        return answers.includes(null) ? null : !decisive
      }
    }
  }
}

function compileForRow(expression: Expression, fields: RowFields): RowTest {
  switch (expression.op) {
    case 'test':
      return compileRowTest(expression.field, expression.test, fields)
    case 'not': {
      const inner = compileForRow(expression.of, fields)
      return (batch, i, actor) => !inner(batch, i, actor)
    }
    case 'and': {
      const parts = expression.of.map((one) => compileForRow(one, fields))
      return (batch, i, actor) => parts.every((part) => part(batch, i, actor))
    }
    case 'or': {
      const parts = expression.of.map((one) => compileForRow(one, fields))
      return (batch, i, actor) => parts.some((part) => part(batch, i, actor))
    }
  }
}

function compileRowTest(field: RuleField, test: FieldTest, fields: RowFields): RowTest {
  const reader = fields.reader(field)
  const holds: RowTest = reader.isList ? onList(reader, test) : onValue(reader, test)
  switch (reader.scope) {
    case 'kind':
      return cachedBy(holds, (batch, i) => batch.kind[i])
    case 'origin':
      return cachedBy(holds, (batch, i) => batch.origin[i])
    case 'actor':
      return cachedBy(holds, (batch, i) => batch.actor[i])
    case 'object': {
      const known = cachedBy(holds, (batch, i) => batch.object[i])
      return (batch, i, actor) => (batch.objects[i] === null ? known(batch, i, actor) : holds(batch, i, actor))
    }
    case 'row':
      return holds
  }
}

function onValue(reader: FieldReader, test: FieldTest): RowTest {
  const holds = compileTest(test)
  return (batch, i, actor) => holds(reader.value(batch, i, actor))
}

/** A list passes when one of its texts does; an empty one is missing. */
function onList(reader: FieldReader, test: FieldTest): RowTest {
  const holds = compileTest(test)
  return (batch, i) => {
    const list = reader.list(batch, i)
    return list === null ? holds(null) : list.some(holds)
  }
}

/** Keeps the answers by code: a code always means the same. */
function cachedBy(holds: RowTest, codeOf: (batch: EventBatch, i: number) => number): RowTest {
  const answers = createAnswerCache()
  return (batch, i, actor) => {
    const code = codeOf(batch, i)
    const known = answers.get(code)
    if (known !== null) return known
    const answer = holds(batch, i, actor)
    answers.set(code, answer)
    return answer
  }
}
