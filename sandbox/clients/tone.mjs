// A bot on discord.js: it answers /tone and plays 440 Hz in the voice channel of whoever asks.
import { Readable } from 'node:stream';
import { Client, Events, GatewayIntentBits } from 'discord.js';
import {
  AudioPlayerStatus,
  createAudioPlayer,
  createAudioResource,
  entersState,
  joinVoiceChannel,
  StreamType,
  VoiceConnectionStatus,
} from '@discordjs/voice';

const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildVoiceStates],
  rest: { api: `${process.env.DISCORD_API_BASE}/api` },
});

// Four seconds of 440 Hz, 48 kHz stereo, 16 bit.
function tone() {
  const length = 4 * 48000;
  const samples = Buffer.alloc(length * 4);
  for (let n = 0; n < length; n += 1) {
    const sample = Math.round(9000 * Math.sin((2 * Math.PI * 440 * n) / 48000));
    samples.writeInt16LE(sample, n * 4);
    samples.writeInt16LE(sample, n * 4 + 2);
  }
  return createAudioResource(Readable.from([samples]), { inputType: StreamType.Raw });
}

client.once(Events.ClientReady, async () => {
  console.log('logged in as', client.user.tag);
  await client.application.commands.set([{ name: 'tone', description: 'Plays a tone' }]);
});

client.on(Events.InteractionCreate, async (interaction) => {
  await interaction.reply('Here it comes');
  const member = await interaction.guild.members.fetch(interaction.user.id);
  const connection = joinVoiceChannel({
    channelId: member.voice.channelId,
    guildId: interaction.guildId,
    adapterCreator: interaction.guild.voiceAdapterCreator,
  });
  await entersState(connection, VoiceConnectionStatus.Ready, 15_000);
  console.log('connected');
  const player = createAudioPlayer();
  connection.subscribe(player);
  player.play(tone());
  await entersState(player, AudioPlayerStatus.Idle, 15_000);
  console.log('played');
});

await client.login(process.env.DISCORD_TOKEN);
