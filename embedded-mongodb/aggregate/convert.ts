import { Decimal128, ObjectId } from 'bson';
import { asDecimal, exact, isNumber, toDouble, toInteger } from '../bson/numbers.ts';
import { Double, Timestamp, TYPE, typeName, UtcDate, type Value } from '../bson/values.ts';
import { ServerError } from '../errors.ts';
import { instantOf } from './calendar.ts';
import { isoText, parseDate } from './date-text.ts';
import { computed, isNullish, namedParts } from './operands.ts';
import type { Operator } from './operator.ts';

type Conversion = (value: Value) => Value | undefined;

const NAMES = new Map<number, string>(Object.entries(TYPE).map(([name, code]) => [code, name]));

/** A whole number within bounds; doubles and decimals lose their fraction, texts must not have one. */
function integer(value: Value, bits: number): bigint | undefined {
  let whole: bigint | undefined;
  if (typeof value === 'boolean') whole = value ? 1n : 0n;
  else if (typeof value === 'string') whole = /^[+-]?\d+$/.test(value) ? BigInt(value.replace('+', '')) : undefined;
  else if (value instanceof UtcDate && bits === 64) whole = BigInt(value.ms);
  else if (isNumber(value)) {
    const parts = exact(value);
    if (parts !== null)
      whole =
        parts.exponent < 0
          ? parts.coefficient / 10n ** BigInt(-parts.exponent)
          : parts.coefficient * 10n ** BigInt(parts.exponent);
  }
  return whole !== undefined && BigInt.asIntN(bits, whole) === whole ? whole : undefined;
}

function int(value: Value): Value | undefined {
  const whole = integer(value, 32);
  return whole === undefined ? undefined : Number(whole);
}

const NUMERAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$|^[+-]?(nan|inf(inity)?)$/i;

function double(value: Value): Value | undefined {
  if (typeof value === 'boolean') return new Double(value ? 1 : 0);
  if (value instanceof UtcDate) return new Double(value.ms);
  if (typeof value === 'string') {
    const number = NUMERAL.test(value) ? numeral(value) : undefined;
    // Only a text that says so is infinite; digits beyond the range of doubles are refused.
    return number === undefined || (!Number.isFinite(number) && /\d/.test(value)) ? undefined : new Double(number);
  }
  return isNumber(value) ? new Double(toDouble(value)) : undefined;
}

function numeral(text: string): number {
  if (/nan/i.test(text)) return Number.NaN;
  return /inf/i.test(text) ? (text.startsWith('-') ? -Infinity : Infinity) : Number(text);
}

function decimal(value: Value): Value | undefined {
  if (typeof value === 'boolean') return asDecimal(value ? 1 : 0);
  if (value instanceof UtcDate) return asDecimal(BigInt(value.ms));
  if (typeof value === 'string') return NUMERAL.test(value) ? Decimal128.fromStringWithRounding(value) : undefined;
  return isNumber(value) ? asDecimal(value) : undefined;
}

function text(value: Value): Value | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (value instanceof Double) return textOfDouble(value.value);
  if (value instanceof ObjectId) return value.toHexString();
  if (value instanceof UtcDate) return isoText(value.ms);
  return value instanceof Decimal128 ? value.toString() : undefined;
}

function textOfDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return Number.isFinite(value) ? String(value) : value > 0 ? 'Infinity' : '-Infinity';
}

function bool(value: Value): Value | undefined {
  if (isNumber(value)) return toDouble(value) !== 0;
  return typeof value === 'boolean' ? value : true;
}

function date(value: Value): Value | undefined {
  if (value instanceof UtcDate) return value;
  if (value instanceof ObjectId || value instanceof Timestamp) return new UtcDate(instantOf(value, '$toDate'));
  if (typeof value === 'bigint' || value instanceof Double || value instanceof Decimal128) {
    const whole = integer(value, 64);
    return whole === undefined ? undefined : new UtcDate(Number(whole));
  }
  const parsed = typeof value === 'string' ? parseDate(value, null) : null;
  return parsed === null ? undefined : new UtcDate(parsed);
}

function objectId(value: Value): Value | undefined {
  if (value instanceof ObjectId) return value;
  return typeof value === 'string' && /^[0-9a-f]{24}$/i.test(value) ? new ObjectId(value) : undefined;
}

const CONVERSIONS: Readonly<Record<string, Conversion>> = {
  double,
  string: text,
  objectId,
  bool,
  date,
  int,
  long: (value) => integer(value, 64),
  decimal,
};

function convert(value: Value, to: string): Value {
  const conversion = CONVERSIONS[to];
  const result = conversion?.(value);
  if (result === undefined)
    throw new ServerError(
      241,
      typeof value === 'string'
        ? `Failed to parse '${value}' as ${to} in $convert with no onError value`
        : `Unsupported conversion from ${typeName(value)} to ${to} in $convert with no onError value`,
    );
  return result;
}

function typeNamed(value: Value | undefined): string {
  const name = typeof value === 'string' ? value : NAMES.get(toInteger(value) ?? 0);
  if (name === undefined || !(name in CONVERSIONS)) throw new ServerError(2, `Unknown type name: ${String(value)}`);
  return name;
}

const convertOperator: Operator = (arg, compiler, name) => {
  const parts = namedParts(arg, name, ['input', 'to'], ['onError', 'onNull'], (value) => compiler.compile(value));
  return (root, variables) => {
    const part = (which: string) => parts.get(which)?.(root, variables);
    const input = part('input');
    const to = part('to');
    if (isNullish(input)) return part('onNull') ?? null;
    if (isNullish(to)) return null;
    const target = typeNamed(to);
    try {
      return convert(input, target);
    } catch (error) {
      if (!parts.has('onError') || !(error instanceof ServerError) || error.code !== 241) throw error;
      return part('onError');
    }
  };
};

function short(to: string): Operator {
  return computed(1, 1, ([value]) => (isNullish(value) ? null : convert(value, to)));
}

/** Changes of type. */
export const CONVERSION: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['$convert', convertOperator],
  ['$toDouble', short('double')],
  ['$toString', short('string')],
  ['$toObjectId', short('objectId')],
  ['$toBool', short('bool')],
  ['$toDate', short('date')],
  ['$toInt', short('int')],
  ['$toLong', short('long')],
  ['$toDecimal', short('decimal')],
  ['$isNumber', computed(1, 1, ([value]) => isNumber(value))],
]);
