import { defineSubscriber, type Subscriber } from '../../core/events.ts'
import { subscribers as rejudging } from './entry.rejudge.service.ts'
import { saveElementSource } from './entry.repository.ts'

/** What other modules' facts do to the directory. The same source named again changes nothing. */
export const subscribers: readonly Subscriber[] = [
  ...rejudging,
  // Golden records stand on the directory and cannot be asked from here: the directory keeps what it hears.
  defineSubscriber({
    name: 'catalog.keep-legal-source',
    event: 'golden.legal-source.named',
    run: (ctx, { payload }) => saveElementSource(ctx, payload),
  }),
]
