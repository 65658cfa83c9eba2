"""A bot on discord.py: it answers /tone and plays 440 Hz in the voice channel of whoever asks."""

import array
import json
import math
import os
import urllib.request

import discord
import yarl
from discord import app_commands

BASE = os.environ["DISCORD_API_BASE"]
# The library has no settings for these two addresses, so they are set where it keeps them.
discord.http.Route.BASE = BASE + "/api/v10"
with urllib.request.urlopen(BASE + "/api/v10/gateway") as answer:
    gateway = json.load(answer)["url"]
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)


class Tone(discord.AudioSource):
    """Four seconds of 440 Hz, 48 kHz stereo, in frames of 20 ms."""

    def __init__(self):
        self.at = 0

    def read(self):
        if self.at >= 4 * 48000:
            return b""
        frame = array.array("h")
        for n in range(self.at, self.at + 960):
            sample = int(9000 * math.sin(2 * math.pi * 440 * n / 48000))
            frame.extend((sample, sample))
        self.at += 960
        return frame.tobytes()


class Bot(discord.Client):
    def __init__(self):
        super().__init__(intents=discord.Intents.default())
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self):
        await self.tree.sync()

    async def on_ready(self):
        print("logged in as", self.user, "in", [guild.name for guild in self.guilds], flush=True)


bot = Bot()


@bot.tree.command(description="Plays a tone")
async def tone(interaction: discord.Interaction):
    await interaction.response.send_message("Here it comes")
    voice = await interaction.user.voice.channel.connect()
    print("connected", flush=True)
    voice.play(Tone(), after=lambda error: print("played", error, flush=True))


bot.run(os.environ["DISCORD_TOKEN"])
