import type { Pattern, PatternStep } from '../../model/custom-rule.ts'

/**
 * Whether the pattern matches anywhere in `text`. Follows all possibilities at once, character by character: the time
 * is at most the text's length times the number of steps, whatever the two are.
 */
export function matchesPattern({ steps, ignoreCase, multiline }: Pattern, text: string): boolean {
  const reachedAt = new Int32Array(steps.length).fill(-1)
  let open: number[] = []
  let next: number[] = []
  const pending: number[] = []
  let previous = -1

  /** Adds what can be reached from `step` without taking a character; true when that is the end. */
  const reach = (step: number, into: number[], position: number, following: number): boolean => {
    pending.push(step)
    while (pending.length > 0) {
      const at = pending.pop() ?? 0
      if (reachedAt[at] === position) continue
      reachedAt[at] = position
      const one = steps[at]
      if (one.op === 'done') {
        pending.length = 0
        return true
      }
      if (one.op === 'char') into.push(at)
      else if (one.op === 'fork') pending.push(one.first, one.second)
      else if (one.op === 'start') {
        if (previous === -1 || (multiline && isLineEnd(previous))) pending.push(at + 1)
      } else if (following === -1 || (multiline && isLineEnd(following))) pending.push(at + 1)
    }
    return false
  }

  const points = Array.from(text, (character) => character.codePointAt(0) ?? 0)
  for (let i = 0; i <= points.length; i++) {
    const following = i < points.length ? points[i] : -1
    // A match may begin anywhere.
    if (reach(0, open, i, following)) return true
    if (following === -1) return false
    previous = following
    const after = i + 1 < points.length ? points[i + 1] : -1
    next.length = 0
    for (const at of open) {
      const step = steps[at]
      if (step.op === 'char' && takes(step, following, ignoreCase) && reach(at + 1, next, i + 1, after)) return true
    }
    const spent = open
    open = next
    next = spent
  }
  return false
}

function takes(step: Extract<PatternStep, { op: 'char' }>, point: number, ignoreCase: boolean): boolean {
  if (step.ranges.length === 0) return step.negated
  return (inside(step.ranges, point) || (ignoreCase && otherCases(point, step.ranges))) !== step.negated
}

function inside(ranges: readonly number[], point: number): boolean {
  for (let i = 0; i < ranges.length; i += 2) if (point >= ranges[i] && point <= ranges[i + 1]) return true
  return false
}

function otherCases(point: number, ranges: readonly number[]): boolean {
  const character = String.fromCodePoint(point)
  return [character.toLowerCase(), character.toUpperCase()].some(
    (other) => [...other].length === 1 && inside(ranges, other.codePointAt(0) ?? 0),
  )
}

const isLineEnd = (point: number): boolean => point === 10 || point === 13 || point === 0x2028 || point === 0x2029
