import type { Catalogue } from '../../messages/catalogue.ts'
import type { TriageNews } from '../../model/delivery.ts'
import { oneLine } from './plain-text.ts'

/** What an analyst did, as people read it: `mia: status closed, verdict false positive, wrote a note`. */
export const triageText = ({ by, actions }: TriageNews, { triage }: Catalogue): string =>
  `${oneLine(by) || triage.somebody}: ${actions.map((action) => actionText(action, triage)).join(', ')}`

function actionText(action: TriageNews['actions'][number], words: Catalogue['triage']): string {
  switch (action.action) {
    case 'status':
      return words.status(words.statuses[action.to])
    case 'verdict':
      return action.to === null ? words.noVerdict : words.verdict(words.verdicts[action.to])
    case 'assignee':
      return action.to === null ? words.noAssignee : words.assignee(oneLine(action.to))
    case 'label_added':
      return words.labelAdded(oneLine(action.label))
    case 'label_removed':
      return words.labelRemoved(oneLine(action.label))
    case 'note':
      return words.note
  }
}
