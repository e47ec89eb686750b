# Every setting of Tagscape with its default. Copy what you change to instance/config.py,
# or set TAGSCAPE_<NAME> in the environment.

# Where the music is. A relative path starts at the project's folder. (a folder)
AUDIO_DIR = "audio"

# Where the networks' weights are. (a folder)
MODELS_DIR = "essentia-tf-models"

# The database; empty: tagscape.db in the instance folder (SQLite). (a SQLAlchemy URI)
DATABASE_URI = ""

# What runs the networks. One of: openvino, onnxruntime, essentia. (the name of a runtime)
RUNTIME = "openvino"

# Arithmetic of the networks; bf16 pays on processors with AMX. One of: f32, bf16. (f32 or bf16)
PRECISION = "f32"

# Threads of the networks; 0: one per processor core. (a number of threads, 0 or more)
THREADS = 0

# Tracks written per transaction while extracting. (a number of tracks)
COMMIT_TRACKS = 32

# Seed of projections. (a whole number)
SEED = 42

# How long a command waits for a locked database. (seconds)
BUSY_TIMEOUT_S = 30

# Above it the map shows a uniform sample of the viewport. (a number of points)
MAX_POINTS = 1000000

# Names to answer under besides localhost and IP addresses; .example.org: all names below it. (host names with commas)
TRUSTED_HOSTS = ""
