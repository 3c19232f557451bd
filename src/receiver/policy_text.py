"""Writes a text file as a C string: policy_text.py OUTPUT INPUT"""
import sys

output, source = sys.argv[1:]
with open(source, "rb") as f:
    data = f.read()
lines = [data[i : i + 24] for i in range(0, len(data), 24)]
with open(output, "w") as f:
    f.write('#include "receiver/policy_text.h"\n\nconst char policy_text[] = {\n')
    f.writelines("\t" + " ".join(f"{b}," if b < 128 else f"(char){b}," for b in line) + "\n" for line in lines)
    f.write("\t0,\n};\n\nconst size_t policy_text_size = sizeof(policy_text) - 1;\n")
