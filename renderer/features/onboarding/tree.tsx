import { useMemo } from 'react'
import styles from './tree.module.css'
import { growLeaves, SEATS, scatterLight } from './tree-shape.ts'

const TRUNK =
  'M237 678C254 612 254 540 248 482C240 420 196 366 92 317C160 326 214 350 240 376C243 334 241 296 236 256C250 290 262 318 271 346C288 318 330 290 349 250C346 300 326 344 322 376C350 354 400 344 445 336C384 352 342 402 335 470C329 540 336 622 356 676C318 692 268 690 237 678Z'
const BARK = [
  'M250 446C262 520 266 600 257 662',
  'M292 444C285 520 291 600 285 666',
  'M318 464C305 540 310 610 314 662',
]

/** The tree under which the village talks, and who sits under it: the reader, and everybody followed so far. */
export function Tree({ seated }: { seated: number }) {
  const leaves = useMemo(growLeaves, [])
  const light = useMemo(scatterLight, [])
  const taken = Math.min(seated, SEATS.length)
  const people = SEATS.map(([x, y], place) => ({ x, y, place })).sort((a, b) => a.y - b.y)
  return (
    <svg className={styles.tree} viewBox="0 0 564 820" preserveAspectRatio="xMidYMax slice" aria-hidden="true">
      <defs>
        <radialGradient id="tree-glow" cx="50%" cy="50%" r="50%">
          <stop offset="0" className={styles.glowIn} />
          <stop offset="1" className={styles.glowOut} />
        </radialGradient>
      </defs>
      <ellipse cx="282" cy="680" rx="312" ry="128" className={styles.ground} />
      <ellipse cx="282" cy="696" rx="226" ry="92" fill="url(#tree-glow)" />
      {light.map((spot) => (
        <ellipse key={`${spot.cx} ${spot.cy}`} {...spot} className={styles.light} />
      ))}
      {people.slice(0, 4).map((seat) => (
        <Seat key={seat.place} {...seat} isTaken={seat.place < taken} />
      ))}
      <path d={TRUNK} className={styles.trunk} />
      {BARK.map((line) => (
        <path key={line} d={line} className={styles.bark} />
      ))}
      {leaves.map((layer) => (
        <path key={layer.key} d={layer.path} className={styles[`tone${layer.tone}`]} />
      ))}
      {people.slice(4).map((seat) => (
        <Seat key={seat.place} {...seat} isTaken={seat.place < taken} />
      ))}
    </svg>
  )
}

function Seat({ x, y, place, isTaken }: { x: number; y: number; place: number; isTaken: boolean }) {
  if (!isTaken) return <ellipse cx={x} cy={y} rx="20" ry="6" className={styles.seat} />
  const scale = 0.76 + ((y - 611) / 165) * 0.24
  return (
    <g transform={`translate(${x} ${y}) scale(${scale.toFixed(2)})`} className={styles[`person${place}`]}>
      <ellipse cx="0" cy="0" rx="28" ry="7" className={styles.shadow} />
      <path d="M-23 0C-24-30-17-46 0-46C17-46 24-30 23 0C10 5-10 5-23 0Z" className={styles.cloth} />
      <circle cx="0" cy="-55" r="11.5" className={styles.skin} />
    </g>
  )
}
