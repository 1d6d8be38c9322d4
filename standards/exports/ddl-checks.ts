import { IBAN_LENGTHS } from '../../core/text/check.ts'
import type { CheckAlgorithm } from '../../core/text/column.ts'

/** The name of the function that judges an algorithm (2.8) in PostgreSQL. */
export const checkFunction = (algorithm: CheckAlgorithm) => `gdbos_check_${algorithm.replace('-', '_')}`

/** `create function` for an algorithm: true for a value that passes. A date of birth is bounded by the day of the insert. */
export function checkFunctionDdl(algorithm: CheckAlgorithm): string {
  const volatility = algorithm === 'gb11643' ? 'stable' : 'immutable'
  return [
    `create or replace function ${checkFunction(algorithm)}(value text) returns boolean`,
    `  language sql ${volatility} strict as $check$`,
    `${BODIES[algorithm]}$check$;`,
  ].join('\n')
}

const CREDIT = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** Sum of the weighted characters, each by its place in the alphabet. */
const weighted = (alphabet: string, weights: readonly number[]) =>
  `(select sum((strpos('${alphabet}', substr(value, place, 1)) - 1) * (array[${weights.join(', ')}])[place])::integer
      from generate_series(1, ${weights.length}) place)`

// `case` keeps what follows a failed shape from being computed.
const BODIES: Record<CheckAlgorithm, string> = {
  gb11643: `  select case when value !~ '^[1-9][0-9]{16}[0-9X]$' then false else (
    select month between 1 and 12 and day between 1 and (array[31, feb, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])[month]
      and born between 18500101 and to_char(current_date, 'YYYYMMDD')::integer
      and substr('10X98765432', ${weighted('0123456789', [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])} % 11 + 1, 1)
        = substr(value, 18, 1)
    from (select substr(value, 7, 8)::integer as born, substr(value, 11, 2)::integer as month,
      substr(value, 13, 2)::integer as day,
      case when substr(value, 7, 4)::integer % 400 = 0
        or substr(value, 7, 4)::integer % 4 = 0 and substr(value, 7, 4)::integer % 100 <> 0 then 29 else 28 end as feb
    ) as date
  ) end
`,
  gb32100: `  select case when value !~ '^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$' then false else
    substr('${CREDIT}', (31 - ${weighted(CREDIT, [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28])} % 31) % 31 + 1, 1)
      = substr(value, 18, 1)
  end
`,
  gb11714: `  select case when value !~ '^[0-9A-Z]{8}[0-9X]$' then false else
    substr('0X987654321', ${weighted(LETTERS, [3, 7, 9, 10, 5, 8, 4, 2])} % 11 + 1, 1) = substr(value, 9, 1)
  end
`,
  'tw-ubn': `  select case when value !~ '^[0-9]{8}$' or value = '00000000' then false else (
    select sum % 5 = 0 or substr(value, 7, 1) = '7' and (sum + 1) % 5 = 0
    from (select sum(product / 10 + product % 10) as sum
      from (select substr(value, place, 1)::integer * (array[1, 2, 1, 2, 1, 2, 4, 1])[place] as product
        from generate_series(1, 8) place) as products) as total
  ) end
`,
  iban: `  select case when folded !~ '^[A-Z]{2}[0-9]{2}[0-9A-Z]+$' then false
    when length(folded) is distinct from (jsonb '${JSON.stringify(IBAN_LENGTHS)}' ->> left(folded, 2))::integer then false
    else (
      select string_agg((strpos('${LETTERS}', substr(moved, place, 1)) - 1)::text, '' order by place)::numeric % 97 = 1
      from (select substr(folded, 5) || left(folded, 4) as moved) as turned, generate_series(1, length(moved)) place
    ) end
  from (select upper(replace(value, ' ', '')) as folded) as plain
`,
  luhn: `  select case when value !~ '^[0-9]{2,}$' then false else (
    select sum(case when place % 2 = 1 then digit when digit > 4 then digit * 2 - 9 else digit * 2 end) % 10 = 0
    from (select place, substr(value, length(value) - place + 1, 1)::integer as digit
      from generate_series(1, length(value)) place) as digits
  ) end
`,
}
