import type { Card, Content, Place } from '#shared/message.ts';
import type { MediaAbout } from '../channel.ts';
import type { WireEntity, WireMessage } from './wire.ts';

/** A file that a message carries, still at the network. */
export interface RemoteFile {
  id: string;
  /** Bytes, as the network tells; 0 when it does not. */
  bytes: number;
  about: MediaAbout;
}

/** What a message says, before its file was fetched. */
export interface Said {
  content: Content;
  file: RemoteFile | null;
}

/** Reads a message. null: news of the chat itself, said by nobody. What is not known is `missing` under its own name. */
export function saidOf(message: WireMessage): Said | null {
  const text = textOf(message);
  const file = fileOf(message);
  const { media_group_id: album } = message;
  if (file !== null) return { content: { text, ...(album === undefined ? {} : { album }) }, file };
  const plain = (content: Content): Said => ({ content, file: null });
  const { venue, location, contact, dice } = message;
  if (venue !== undefined) return plain({ text, place: placeOf(venue.location, venue.title, venue.address) });
  if (location !== undefined) return plain({ text, place: placeOf(location, '', '') });
  if (contact !== undefined) return plain({ text, cards: [cardOf(contact)] });
  if (dice !== undefined) return plain({ text: `${dice.emoji} ${dice.value}` });
  if (message.text !== undefined) return plain({ text });
  const kind = Object.keys(message).find((key) => !envelope.has(key)) ?? 'unknown';
  if (silent.test(kind)) return null;
  return plain({ text, missing: kind.replaceAll(/[^a-z0-9]+/gi, '-').slice(0, 40) });
}

/** The text or caption. A link behind words would be lost without its formatting, so its address is put after them. */
function textOf({ text, entities, caption, caption_entities }: WireMessage): string {
  const whole = text ?? caption ?? '';
  const links = (text === undefined ? caption_entities : entities)?.filter(hidesLink) ?? [];
  // From the end, so that the offsets before stay true.
  return links.reduceRight((sofar, { offset, length, url }) => {
    const end = offset + length;
    return sofar.slice(offset, end) === url ? sofar : `${sofar.slice(0, end)} (${url})${sofar.slice(end)}`;
  }, whole);
}

const hidesLink = ({ type, url }: WireEntity) => type === 'text_link' && url !== undefined;

function placeOf(
  { latitude, longitude }: { latitude: number; longitude: number },
  name: string,
  address: string,
): Place {
  return { latitude, longitude, name, address };
}

function cardOf({ phone_number, first_name, last_name = '', vcard = '' }: NonNullable<WireMessage['contact']>): Card {
  const phone = phone_number.startsWith('+') ? phone_number : `+${phone_number}`;
  const emails = [...vcard.matchAll(/^EMAIL[^:\r\n]*:([^\r\n]+)/gim)].map(([, email = '']) => email.trim());
  return { name: `${first_name} ${last_name}`.trim(), phones: [phone], emails };
}

function fileOf(message: WireMessage): RemoteFile | null {
  const { photo, animation, video, video_note, audio, voice, document, sticker } = message;
  const largest = photo?.reduce((a, b) => ((b.file_size ?? 0) >= (a.file_size ?? 0) ? b : a));
  if (largest !== undefined) return remote(largest, 'image', 'photo.jpg', 'image/jpeg');
  // Before documents: an animation is repeated as one.
  if (animation !== undefined) return remote(animation, 'video', 'animation.mp4', 'video/mp4');
  if (video !== undefined) return remote(video, 'video', 'video.mp4', 'video/mp4');
  if (video_note !== undefined) return remote(video_note, 'video', 'video.mp4', 'video/mp4');
  if (voice !== undefined) return remote(voice, 'voice', 'voice.ogg', 'audio/ogg');
  if (audio !== undefined) return remote(audio, 'audio', 'audio.mp3', 'audio/mpeg');
  // Without a kind: a picture sent as a file is shown by its type.
  if (document !== undefined) return remote(document, undefined, 'document', 'application/octet-stream');
  if (sticker === undefined) return null;
  // The animated ones are vector drawings that no browser shows: their still picture is.
  const still = sticker.is_animated === true && sticker.thumbnail !== undefined ? sticker.thumbnail : sticker;
  return sticker.is_video === true
    ? remote(still, 'sticker', 'sticker.webm', 'video/webm')
    : remote(still, 'sticker', 'sticker.webp', 'image/webp');
}

function remote(
  file: NonNullable<WireMessage['video']>,
  kind: MediaAbout['kind'],
  name: string,
  mime: string,
): RemoteFile {
  const { file_id, file_size = 0, file_name, mime_type, duration } = file;
  const about = {
    name: file_name ?? name,
    mime: mime_type ?? mime,
    ...(kind === undefined ? {} : { kind }),
    ...(duration === undefined ? {} : { seconds: duration }),
  };
  return { id: file_id, bytes: file_size, about };
}

// What surrounds a content in "Message" of the Bot API; whatever else stands in a message is its kind.
const envelope = new Set(
  (
    'message_id message_thread_id direct_messages_topic from sender_chat sender_boost_count sender_business_bot ' +
    'sender_tag date business_connection_id chat forward_origin forward_from forward_from_chat ' +
    'forward_from_message_id forward_signature forward_sender_name forward_date is_topic_message ' +
    'is_automatic_forward reply_to_message external_reply quote reply_to_story reply_to_checklist_task_id ' +
    'reply_to_poll_option_id via_bot edit_date has_protected_content is_from_offline is_paid_post media_group_id ' +
    'author_signature paid_star_count entities link_preview_options suggested_post_info effect_id caption ' +
    'caption_entities show_caption_above_media has_media_spoiler reply_markup'
  ).split(' '),
);

/** Service messages that change the chat and say nothing to the desk. */
const silent =
  /^(pinned_message|(general_)?forum_topic_\w+|message_auto_delete_timer_changed|write_access_allowed|chat_background_set|connected_website|boost_added|new_chat_\w+|left_chat_member|delete_chat_photo|\w+_chat_created|migrate_\w+|video_chat_\w+|(paid|direct)_message_price_changed)$/;
