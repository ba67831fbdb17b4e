import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openLabels } from '../../../commands/evaluation/open-labels.ts'
import { inFolder } from '../../support/test-core.ts'

const campaign = { kind: 'burst', actor_uids: ['a'], from: '2026-01-05T10:00:00Z', to: '2026-01-05T11:00:00Z' }

const ignore = () => undefined

describe('openLabels', () => {
  const labelled = (content: string | Buffer, use: (folder: string, file: string) => void) =>
    inFolder(async (dir) => {
      await writeFile(join(dir, 'labels.json'), content)
      use(dir, join(dir, 'labels.json'))
    })

  it('takes a file with a byte order mark', () =>
    labelled(`\ufeff${JSON.stringify({ campaigns: [campaign] })}`, (folder) => {
      expect(openLabels(folder, ignore).campaigns[0].kind).toBe('burst')
    }))

  it.each([
    ['{}', ': campaigns must be a list; it is missing'],
    ['[]', ': the labels must be a JSON object, not a list'],
    [JSON.stringify({ campaigns: 'x' }), ': campaigns must be a list, not "x"'],
    [JSON.stringify({ campaigns: [{ ...campaign, from: '2026-01-05' }] }), ': campaigns[0].from must be a time, '],
    ['', ': is not valid JSON'],
    ['{"campaigns": [}', ': is not valid JSON'],
    ['{\n"campaigns": [],\n"benign": [] "x"}', ': is not valid JSON (line 3 column 14)'],
  ])('names the file of what is wrong in %j', (content, message) =>
    labelled(content, (folder, file) => expect(() => openLabels(folder, ignore)).toThrow(`${file}${message}`)),
  )

  it('names the file of what is remarked on, ten times at most', () =>
    labelled(JSON.stringify({ campaigns: Array(12).fill({ ...campaign, note: 'x' }) }), (folder, file) => {
      const remarks: string[] = []
      openLabels(folder, (text) => remarks.push(text))
      expect(remarks).toHaveLength(11)
      expect(remarks[0]).toBe(`${file}: campaigns[0] has no field 'note'`)
      expect(remarks[10]).toBe(`${file}: and more of that kind`)
    }))

  it('shows nothing of what is no JSON', () =>
    labelled('{"actor_uids": [anna@example.com]}', (folder) => {
      expect(() => openLabels(folder, ignore)).not.toThrow(/anna/)
    }))

  it('says what a file that is not there would hold', () =>
    inFolder(async (dir) => {
      expect(() => openLabels(dir, ignore)).toThrow(
        `${join(dir, 'labels.json')} is missing: it says what really happened in the events beside it (docs/evaluation.md)`,
      )
      await mkdir(join(dir, 'labels.json'))
      expect(() => openLabels(dir, ignore)).toThrow(`${join(dir, 'labels.json')} cannot be read: it is a folder`)
    }))
})
