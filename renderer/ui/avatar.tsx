import { useEffect, useState } from 'react'
import { LruMap } from '../../core/util/lru-map.ts'
import styles from './avatar.module.css'
import { classNames } from './class-names.ts'
import { createSequence, hashText, wavyRing } from './ring-shape.ts'

export interface AvatarProps {
  /** Profile address; the fallback is drawn from it, so that two people of one name look different. */
  profile: string
  name: string
  /** Pixels: 44 post, 40 narrow, 92 profile, 30–36 rows. */
  size: number
  /** Address of the picture, `/media/<cid>`. */
  src?: string | undefined
}

/** Wood and bark: pale rings, dark heart. The letter stands on the dark one at 4.5:1 or better. */
const PAIRS = [
  ['#dde6cc', '#46662d'],
  ['#cfdae4', '#3f5a73'],
  ['#ecdab8', '#785118'],
  ['#ddd3e4', '#5d4a74'],
  ['#e9d3c7', '#86452c'],
  ['#cfe0da', '#2f6156'],
  ['#e4dac5', '#5f5140'],
  ['#e8d1d6', '#7d3f52'],
] as const
const RINGS = 7
const HEART = 11.5
/** A picture may fail because the node was away for a moment. */
const RETRY_MS = 10_000
const MAX_RETRIES = 6
/** A few kilobytes each. */
const MAX_DRAWINGS = 256

const segmenter = new Intl.Segmenter()

/** Decorative: the name stands beside it. Never animated. */
export function Avatar({ profile, name, size, src }: AvatarProps) {
  const [failed, setFailed] = useState<string>()
  const [retries, setRetries] = useState(0)
  useEffect(() => {
    if (failed === undefined || retries >= MAX_RETRIES) return
    const timer = setTimeout(() => {
      setFailed(undefined)
      setRetries(retries + 1)
    }, RETRY_MS)
    return () => clearTimeout(timer)
  }, [failed, retries])
  if (src !== undefined && failed !== src) {
    return (
      <img
        className={styles.avatar}
        src={src}
        alt=""
        width={size}
        height={size}
        decoding="async"
        draggable={false}
        onError={() => setFailed(src)}
      />
    )
  }
  return <DrawnAvatar profile={profile} name={name} size={size} />
}

function DrawnAvatar({ profile, name, size }: AvatarProps) {
  const drawing = drawingOf(profile)
  const [pale, dark] = drawing.colors
  return (
    <svg
      className={classNames(styles.avatar, styles.drawn)}
      width={size}
      height={size}
      viewBox="0 0 44 44"
      aria-hidden="true"
    >
      <circle cx="22" cy="22" r="22" fill={pale} />
      {drawing.rings.map((ring) => (
        <path
          key={ring.path}
          d={ring.path}
          fill="none"
          stroke={dark}
          strokeWidth={ring.width}
          strokeOpacity={ring.strength}
        />
      ))}
      <path d={drawing.heart} fill={dark} />
      <text x={drawing.cx} y={drawing.cy} dy="0.36em" textAnchor="middle" className={styles.letter} fill={pale}>
        {firstLetter(name)}
      </text>
    </svg>
  )
}

interface Drawing {
  colors: readonly [pale: string, dark: string]
  cx: number
  cy: number
  rings: readonly { path: string; width: number; strength: number }[]
  heart: string
}

/** A row is made anew whenever it comes near the screen, and its rings with it. */
const drawings = new LruMap<string, Drawing>(MAX_DRAWINGS)

function drawingOf(profile: string): Drawing {
  const known = drawings.get(profile)
  if (known !== undefined) return known
  const drawing = drawAvatar(profile)
  drawings.set(profile, drawing)
  return drawing
}

/** Deterministic: the same profile gives the same rings everywhere. */
export function drawAvatar(profile: string): Drawing {
  const next = createSequence(hashText(profile))
  const colors = PAIRS[Math.floor(next() * PAIRS.length)] as (typeof PAIRS)[number]
  const [cx, cy] = [22 + (next() - 0.5) * 3, 22 + (next() - 0.5) * 3]
  const gaps = Array.from({ length: RINGS }, () => 0.5 + next())
  const whole = gaps.reduce((sum, gap) => sum + gap, 0)
  let radius = HEART
  const rings = gaps.map((gap) => {
    radius += (gap / whole) * (22 - HEART)
    return {
      path: wavyRing(cx, cy, radius, 0.55, next),
      width: round(0.35 + next() * 1.15),
      strength: round(0.2 + next() * 0.35),
    }
  })
  return { colors, cx, cy, rings, heart: wavyRing(cx, cy, HEART, 0.35, next) }
}

function firstLetter(name: string): string {
  for (const { segment } of segmenter.segment(name.trim())) return segment.toLocaleUpperCase()
  return ''
}

function round(value: number): number {
  return Number(value.toFixed(2))
}
