import { expect, it } from 'vitest'
import { formatAlert } from '../../commands/format-alert.ts'
import { sampleAlert } from '../store/sample-alert.ts'

it('tells no score of the next severity', () => {
  const alert = sampleAlert({ score: 59.7, severity: 'medium' })
  expect(formatAlert({ id: 1, type: 'alert.opened', alert }, 'http://127.0.0.1', false)).toContain(
    'ALERT medium (score 59)',
  )
})
