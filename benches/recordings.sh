#!/bin/sh
# recordings.sh SECONDS FOLDER: 48 voices of a speech synthesiser, each saying words drawn by lot for so many seconds, as they
# sound over G.711 (N.ul) and over GSM full rate and G.711 (N.gsm.ul). `recordings` cuts them into recordings of ten seconds and
# tells these apart. Needs espeak-ng and sox. What is there already is left as it is.
set -eu
seconds=${1:?usage: recordings.sh SECONDS FOLDER}
folder=${2:?usage: recordings.sh SECONDS FOLDER}
mkdir -p "$folder"
words='account address after again agent always amount answer april august bank before benefit between bill body book
bring business button call cannot card care case change charge check child city claim clear close company contact cost
could country court credit customer daily date debt deliver detail device digit doctor dollar door during early easy
electric employee energy enter every expire family federal final finance first follow forty free friend from future
garden general give gold good government green group guarantee hand happen health hello help high history home hospital
house hundred immediate important income inform insurance interest internet invoice issue january judge july june keep
know language large last lawyer learn legal letter level license life limit line listen loan local long lower machine
mail main manage march market matter medical member message million minute money monday month morning mortgage move much
name nation near never night nine notice number offer office official often online open operator option order other
owner package paper parcel party pay pension people percent person phone place plan please point police policy power
press price private problem product program property public purchase quality question quick rate ready reason receive
record reduce refund regard remind remove rent repeat reply report request result return review right safe satisfy save
school second security selected senior serve service seven shipment short silver simple sister small social solar
special speak state station status stop store street student success summer support system table tax technical ten
thank thing thirty thousand today together tomorrow total toward transfer travel tuesday twelve twenty under unit until
update urgent value vehicle verify visit voice wait warranty water wednesday week welcome window winter without word
work world write year yellow yesterday young zero'
voice=0
while [ "$voice" -lt 48 ]; do
    if [ ! -s "$folder/$voice.gsm.ul" ]; then
        set -- m1 m3 m7 f2 f4 croak
        shift $((voice % 6))
        # Nobody says four words a second for long.
        awk -v seed="$voice" -v words="$words" -v count=$((seconds * 4)) 'BEGIN {
            srand(seed); n = split(words, word, /[ \n]+/)
            for (at = 1; at <= count; at++) printf "%s%s", word[1 + int(rand() * n)], at % 9 ? " " : ".\n"
        }' | espeak-ng -v "en-us+$1" -p $((30 + voice / 6 % 4 * 15)) -s $((140 + voice / 24 % 2 * 35)) --stdin --stdout |
            sox -t wav - -r 8000 -c 1 -t ul "$folder/$voice.ul" trim 0 "$seconds" 2>/dev/null
        sox -t ul -r 8000 -c 1 "$folder/$voice.ul" -t gsm - 2>/dev/null | sox -t gsm -r 8000 -c 1 - -t ul "$folder/$voice.gsm.ul"
    fi
    voice=$((voice + 1))
done
